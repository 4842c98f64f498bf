import type { IntrospectionConfiguration } from '../../../lib/protocol/authorizer-configuration';
import { exchange, type HttpsAnswer, type HttpsExchange } from '../../shared/https-exchange';
import type { RememberedSecret } from '../../shared/remembered-secret';
import { type JsonObject, jsonObject } from '../jwt/json-object';
import { type ClientProof, proveClient } from './client-authentication';

/** For everything an answer takes: secret, question, and both again after a rotation. */
const TIME_LIMIT_MILLIS = 800;
const MAXIMUM_BYTES = 64 * 1024;

/** Asks the issuer what it knows of a token (RFC 7662); throws where it does not say. */
export type Introspect = (token: string) => Promise<JsonObject>;

export interface IntrospectDependencies {
  readonly secret: RememberedSecret;
  /** Milliseconds. */
  readonly now: () => number;
  readonly agent?: HttpsExchange['agent'];
}

export function introspector(
  configuration: IntrospectionConfiguration,
  { secret, now, agent }: IntrospectDependencies,
): Introspect {
  const { endpoint } = configuration;

  const ask = (token: string, proof: ClientProof, timeLimitMillis: number): Promise<HttpsAnswer> =>
    exchange({
      url: endpoint,
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...proof.headers,
      },
      body: new URLSearchParams({ token, token_type_hint: 'access_token', ...proof.form }).toString(),
      timeLimitMillis,
      maximumBytes: MAXIMUM_BYTES,
      keepsConnection: true,
      agent,
    });

  return async (token) => {
    const started = performance.now();
    const left = () => TIME_LIMIT_MILLIS - (performance.now() - started);
    const prove = (text: string) => proveClient(configuration, text, now() / 1000);

    const current = await within(left(), secret.current());
    const answer = await ask(token, prove(current), left());
    if (answer.status !== 401) return read(endpoint, answer);

    // our secret was refused, not the caller's token: it may have been rotated
    const renewed = await within(left(), secret.renewed());
    return read(endpoint, await ask(token, prove(renewed), left()));
  };
}

function read(endpoint: string, { status, headers, body }: HttpsAnswer): JsonObject {
  if (status !== 200) throw new Error(`${endpoint} answered ${status}`);

  const type = String(headers['content-type'] ?? '')
    .split(';', 1)[0]
    ?.trim()
    .toLowerCase();
  const answer = type === 'application/json' ? jsonObject(body) : undefined;
  if (typeof answer?.['active'] !== 'boolean')
    throw new Error(`${endpoint} did not say whether the token is active`);
  return answer;
}

async function within<T>(millis: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error('the secret of the client was not read in time')),
      Math.max(millis, 0),
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
