/** Where services fetch the public keys, on the gateway itself. */
export const KEY_SET_PATH = '/.well-known/jwks.json';

/** `typ` of the identity handed to backends: no other token may pass for one (RFC 8725, section 3.11). */
export const IDENTITY_TOKEN_TYPE = 'gateway-identity+jwt';

/** Lifetime of such an identity. */
export const IDENTITY_SECONDS = 60;

/** Step of the rotation function that Secrets Manager does not know: it writes the public keys anew, as they are. */
export const PUBLISH_AGAIN = 'publishAgain';

/** Step by which a schedule has the rotation function see that it is called for the others. */
export const CHECK_ROTATION = 'checkRotation';

/** Days after which a rotation is overdue: it is begun every 30, within a day. */
export const LATEST_ROTATION_DAYS = 33;

/** A private key for ES256, as JSON Web Key. */
export interface SigningKey {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly d: string;
  readonly kid: string;
}

/**
 * What the secret holds. `current` signs; `next` is published already, so that a service that remembers the key
 * set knows it when it becomes `current`; `previous` may still be in identities just handed out.
 */
export interface SigningKeys {
  readonly previous?: SigningKey;
  readonly current: SigningKey;
  readonly next: SigningKey;
}

/** Undefined where the text holds no keys: the secret before its first rotation. */
export function parseSigningKeys(text: string): SigningKeys | undefined {
  const parsed = parse(text);
  if (!isSigningKey(parsed['current']) || !isSigningKey(parsed['next'])) return undefined;

  const { previous, current, next } = parsed;
  return { ...(isSigningKey(previous) && { previous }), current, next };
}

/** The key set as services get it (RFC 7517, section 5); `d`, the private half, is left out. */
export function publicKeySet(sets: readonly SigningKeys[]): string {
  const keys = sets.flatMap(({ previous, current, next }) => [previous, current, next]);
  const byId = new Map(keys.flatMap((key) => (key ? [[key.kid, publicHalf(key)] as const] : [])));
  return JSON.stringify({ keys: [...byId.values()] });
}

function publicHalf({ kty, crv, x, y, kid }: SigningKey) {
  return { kty, crv, x, y, kid, use: 'sig', alg: 'ES256' };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function isSigningKey(value: unknown): value is SigningKey {
  if (typeof value !== 'object' || value === null) return false;
  const key: Readonly<Record<string, unknown>> = { ...value };
  return (
    key['kty'] === 'EC' &&
    key['crv'] === 'P-256' &&
    ['x', 'y', 'd', 'kid'].every((name) => typeof key[name] === 'string' && key[name] !== '')
  );
}
