import type { JwtConfiguration } from '../../../lib/protocol/authorizer-configuration';
import type { Surroundings, VerifierMaker } from '../compose';
import { IssuerKeys } from './issuer-keys';
import { isJsonObject } from './json-object';
import { JwtVerifier } from './jwt-verifier';

/** A verifier of one issuer's tokens, whose keys are on their way already. */
export const makeJwtVerifier: VerifierMaker<'jwt'> = (scheme, surroundings) => {
  // a token nobody here can decrypt would be refused one by one; better the function does not start
  if (scheme.decryption !== undefined) throw new Error('this bundle does not decrypt tokens');
  return jwtVerifierOf(scheme, surroundings);
};

export function jwtVerifierOf(
  scheme: JwtConfiguration,
  { now, readFile, recorder }: Surroundings,
): JwtVerifier {
  const snapshot = scheme.snapshot === undefined ? undefined : readSnapshot(readFile(scheme.snapshot));
  const onFailure = (issuer: string, error: unknown) => recorder.keySetUnavailable(issuer, error);
  const fetchKeys = async () => loadKeyFetcher().fetchKeys(scheme);
  const keys = new IssuerKeys(scheme, { fetchKeys, now, onFailure }, snapshot);
  keys.prepare();
  return new JwtVerifier(scheme, keys, now);
}

// a file of its own in the bundle: where keys are baked in, the first answer is given without it
function loadKeyFetcher(): typeof import('./key-fetcher') {
  return require('./key-fetcher');
}

function readSnapshot(text: string): { readonly keys: unknown; readonly fetchedAt: number } {
  const snapshot: unknown = JSON.parse(text);
  if (!isJsonObject(snapshot) || typeof snapshot['fetchedAt'] !== 'number')
    throw new Error('not a snapshot of keys');
  return { keys: snapshot['keys'], fetchedAt: snapshot['fetchedAt'] };
}
