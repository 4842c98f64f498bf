import type { Agent } from 'node:https';
import { Credential } from '../../../../lambda/authorizer/credential';
import { fetchKeySet } from '../../../../lambda/authorizer/jwt/fetch-key-set';
import { IssuerKeys } from '../../../../lambda/authorizer/jwt/issuer-keys';
import { JwtVerifier } from '../../../../lambda/authorizer/jwt/jwt-verifier';
import { fetchDocument } from '../../../../lambda/shared/https-document';
import type { JwtConfiguration } from '../../../../lib/protocol/authorizer-configuration';
import { answerJson, startServer, type TestServer } from '../https-server';
import { type SigningKey, signingKey, token } from '../tokens';
import { CLAIMS, jwtConfiguration, NOW } from '../under-test';

export const KEY = signingKey('ES256', 'one');
export const NEXT = signingKey('ES256', 'two');
export const HOUR = 3_600_000;

export const setOf = (...keys: SigningKey[]) => ({ keys: keys.map(({ jwk }) => jwk) });

interface Options {
  readonly configuration?: Partial<JwtConfiguration>;
  readonly snapshot?: { keys: unknown; fetchedAt: number };
  readonly agent?: Agent;
}

/** An issuer that publishes `KEY` at the start of each test, and verifiers that ask it. */
export function startedIssuer() {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer(answerJson(setOf(KEY)));
  });

  // connections that still hang end here
  afterAll(() => server.close());

  beforeEach(() => {
    server.behave = answerJson(setOf(KEY));
    server.requests.length = 0;
  });

  /** A verifier that fetches its keys for real, at a time of the test's choice. */
  function underTest({ configuration: changes, snapshot, agent = server.agent }: Options = {}) {
    const clock = { millis: NOW * 1000 };
    const failures: string[] = [];
    const configuration = jwtConfiguration({ jwksUri: `${server.url}/jwks`, ...changes });
    const keys = new IssuerKeys(
      configuration,
      {
        fetchKeys: () => fetchKeySet(configuration, (url, limit) => fetchDocument(url, limit, agent)),
        now: () => clock.millis,
        onFailure: (_, error) => failures.push(String(error)),
      },
      snapshot,
    );
    // claims are judged at a fixed time: these tests are about the age of keys
    const verifier = new JwtVerifier(configuration, keys, () => NOW * 1000);
    const textOf = (key: SigningKey, claims: object = {}) =>
      token(key, { ...CLAIMS, iss: configuration.issuer, ...claims });
    const verifyText = async (text: string) => verifier.verify(new Credential(text), {});
    const verify = (key: SigningKey, claims: object = {}) => verifyText(textOf(key, claims));
    return { clock, failures, keys, verify, textOf, verifyText };
  }

  return {
    get server() {
      return server;
    },
    underTest,
  };
}
