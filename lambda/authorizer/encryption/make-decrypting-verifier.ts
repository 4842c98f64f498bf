import { RememberedSecret } from '../../shared/remembered-secret';
import { secretReader } from '../../shared/secret-reader';
import type { VerifierMaker } from '../compose';
import { jwtVerifierOf, makeJwtVerifier } from '../jwt/make-jwt-verifier';
import { decrypter } from './decrypt';
import { DecryptingVerifier } from './decrypting-verifier';

/** A verifier of one issuer's tokens, encrypted ones too where the scheme says so. */
export const makeDecryptingVerifier: VerifierMaker<'jwt'> = (scheme, surroundings) => {
  const { decryption } = scheme;
  if (decryption === undefined) return makeJwtVerifier(scheme, surroundings);

  const secret = new RememberedSecret(decryption.secretArn, secretReader(), surroundings.now);
  secret.current().catch(() => {});
  return new DecryptingVerifier(
    jwtVerifierOf(scheme, surroundings),
    decrypter(secret, decryption.algorithms),
  );
};
