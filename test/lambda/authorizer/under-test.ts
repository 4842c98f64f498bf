import type { Verifier } from '../../../lambda/authorizer/caller';
import type { Decision, Limiting } from '../../../lambda/authorizer/decide';
import { createHandler } from '../../../lambda/authorizer/handler';
import { fetchKeySet } from '../../../lambda/authorizer/jwt/fetch-key-set';
import { IssuerKeys } from '../../../lambda/authorizer/jwt/issuer-keys';
import { JwtVerifier } from '../../../lambda/authorizer/jwt/jwt-verifier';
import { Recorder } from '../../../lambda/authorizer/recorder';
import type { JwtConfiguration } from '../../../lib/protocol/authorizer-configuration';
import type { Policy } from '../../../lib/protocol/policy';
import { authorizerEvent, type EventOptions } from './event';
import { jwtConfiguration, NOW, PLAN_KEYS } from './fixtures';
import type { SigningKey } from './tokens';

export * from './fixtures';

/** A verifier whose issuer publishes these keys, and needs no network for it. */
export function jwtVerifier(
  keys: readonly SigningKey[],
  changes: Partial<JwtConfiguration> = {},
): JwtVerifier {
  const configuration = jwtConfiguration(changes);
  const now = () => NOW * 1000;
  const fetchDocument = async () => ({ json: { keys: keys.map(({ jwk }) => jwk) } });
  const fetchKeys = () => fetchKeySet(configuration, fetchDocument);
  return new JwtVerifier(configuration, new IssuerKeys(configuration, { fetchKeys, now }), now);
}

export interface UnderTest {
  readonly lines: string[];
  readonly call: (options?: EventOptions) => Promise<Decision>;
}

/** The real handler over these verifiers. */
export function authorizer(
  verifiers: Readonly<Record<string, Verifier>>,
  operations: Policy['operations'],
  schemes: Policy['schemes'] = { customer: { in: 'authorization' } },
  planKeys = PLAN_KEYS,
  limiting?: Limiting,
): UnderTest {
  const lines: string[] = [];
  const now = () => NOW * 1000;
  const recorder = new Recorder({ write: (line) => lines.push(line), now });
  const policy: Policy = { version: 1, schemes, operations };
  const handler = createHandler({ policy, verifiers, planKeys, recorder, now, limiting });
  const call = async (options?: EventOptions) => {
    try {
      return await handler(authorizerEvent(options));
    } finally {
      requireNoCredential(lines, options);
    }
  };
  return { lines, call };
}

/** Holds in every suite: no part of any header a caller sent, long enough to matter, is in the log. */
function requireNoCredential(lines: readonly string[], { headers = {} }: EventOptions = {}): void {
  const parts = Object.values(headers)
    .flat()
    .flatMap((value) => value.split(/[\s.,_]+/))
    .filter((part) => part.length >= 16);
  const log = lines.join('\n');
  for (const part of parts) {
    if (log.includes(part.slice(0, 16)) || log.includes(part.slice(-16)))
      throw new Error('the log holds a credential');
  }
}

export const bearer = (text: string) => ({ headers: { Authorization: `Bearer ${text}` } });
