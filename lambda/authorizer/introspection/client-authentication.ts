import { createPrivateKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { IntrospectionConfiguration } from '../../../lib/protocol/authorizer-configuration';
import { isJsonObject, type JsonObject, jsonObject } from '../jwt/json-object';

/** What goes with an introspection request to prove that we may ask. */
export interface ClientProof {
  readonly headers: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, string>>;
}

type Client = Pick<IntrospectionConfiguration, 'clientId' | 'clientAuthentication' | 'issuer'>;

/** The proof out of the client's secret: its password, or its private key. `now` in seconds. */
export function proveClient(client: Client, secret: string, now: number): ClientProof {
  return client.clientAuthentication === 'private_key_jwt'
    ? privateKeyJwt(client, secret, now)
    : basic(client, secret);
}

// RFC 6749 section 2.3.1: both are form-encoded before they are joined
function basic({ clientId }: Client, secret: string): ClientProof {
  const pair = [clientId, passwordOf(secret)].map(formEncode).join(':');
  return { headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }, form: {} };
}

// a secret may hold the password as it is, or beside other things in JSON
function passwordOf(secret: string): string {
  const json = secret.startsWith('{') ? jsonObject(Buffer.from(secret)) : undefined;
  if (json === undefined) return secret;
  const { client_secret: password } = json;
  if (typeof password !== 'string') throw new Error('the secret of the client has no client_secret');
  return password;
}

const formEncode = (text: string) => new URLSearchParams({ _: text }).toString().slice(2);

const ASSERTION_SECONDS = 60;

// RFC 7523 section 3; the issuer as audience, so that no other server can use it
function privateKeyJwt({ clientId, issuer }: Client, secret: string, now: number): ClientProof {
  const { key, jwk } = privateKeyOf(secret);
  const { alg, hash } = algorithmOf(key, jwk);
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: issuer,
    jti: randomUUID(),
    iat: Math.floor(now),
    exp: Math.floor(now) + ASSERTION_SECONDS,
  };
  const input = [{ alg, typ: 'JWT', kid: jwk?.['kid'] }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return {
    headers: {},
    form: {
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: `${input}.${signature.toString('base64url')}`,
    },
  };
}

function privateKeyOf(secret: string): { readonly key: KeyObject; readonly jwk?: JsonObject } {
  try {
    if (!secret.trimStart().startsWith('{')) return { key: createPrivateKey(secret) };
    const jwk: unknown = JSON.parse(secret);
    if (isJsonObject(jwk)) return { key: createPrivateKey({ key: jwk, format: 'jwk' }), jwk };
  } catch {
    // the cause would quote the key
  }
  throw new Error('the secret of the client holds no private key in PEM or JWK');
}

function algorithmOf(key: KeyObject, jwk: JsonObject | undefined): { alg: string; hash: string | null } {
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  if (asymmetricKeyType === 'ed25519') return { alg: 'EdDSA', hash: null };
  if (asymmetricKeyType === 'rsa') {
    const alg =
      typeof jwk?.['alg'] === 'string' && /^RS(256|384|512)$/.test(jwk['alg']) ? jwk['alg'] : 'RS256';
    return { alg, hash: `sha${alg.slice(2)}` };
  }
  const curves: Readonly<Record<string, { alg: string; hash: string }>> = {
    prime256v1: { alg: 'ES256', hash: 'sha256' },
    secp384r1: { alg: 'ES384', hash: 'sha384' },
    secp521r1: { alg: 'ES512', hash: 'sha512' },
  };
  const found = curves[asymmetricKeyDetails?.namedCurve ?? ''];
  if (found === undefined)
    throw new Error('the private key of the client is of a kind that does not sign JWTs');
  return found;
}
