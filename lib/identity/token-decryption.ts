import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Problem } from '../errors';
import type { JwtConfiguration } from '../protocol';

/**
 * How the key of an encrypted token is agreed on. Its content is always A256GCM.
 */
export enum TokenKeyManagement {
  /** RSAES OAEP with SHA-256. */
  RSA_OAEP_256 = 'RSA-OAEP-256',
  /** Diffie-Hellman on an elliptic curve, the key used as it is. */
  ECDH_ES = 'ECDH-ES',
}

/**
 * How encrypted tokens are opened.
 */
export interface TokenDecryption {
  /**
   * Secret with our private keys: PEM, a JWK, or a JWK Set. It may rotate: an unknown key makes the authorizer
   * read it again.
   */
  readonly secret: secretsmanager.ISecret;

  /**
   * What is accepted.
   *
   * @default [TokenKeyManagement.RSA_OAEP_256]
   */
  readonly algorithms?: TokenKeyManagement[];
}

export function decryptionConfiguration({
  secret,
  algorithms = [TokenKeyManagement.RSA_OAEP_256],
}: TokenDecryption): Pick<JwtConfiguration, 'decryption'> {
  return { decryption: { secretArn: secret.secretArn, algorithms } };
}

// a program in plain JavaScript may hand over any string
export function decryptionProblems(at: string, { algorithms }: TokenDecryption): Problem[] {
  const known: readonly string[] = Object.values(TokenKeyManagement);
  if (
    algorithms === undefined ||
    (algorithms.length > 0 && algorithms.every((name) => known.includes(name)))
  ) {
    return [];
  }
  return [
    {
      code: 'UNKNOWN_ALGORITHM',
      at,
      message: `'decryption.algorithms' must name at least one known algorithm, got ${JSON.stringify(algorithms)}`,
      remedy: `choose from ${known.join(', ')}`,
    },
  ];
}
