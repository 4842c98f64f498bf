import type { AuthorizerConfiguration } from '../../lib/protocol/authorizer-configuration';
import { secretReader } from '../shared/secret-reader';
import { IdentitySigner } from './identity/identity-signer';

/** The signer of identities, whose key is on its way already: the first request need not wait for it as well. */
export function makeSigner(
  { issuer, secretArn }: NonNullable<AuthorizerConfiguration['signing']>,
  now: () => number,
): IdentitySigner {
  const read = secretReader();
  const signer = new IdentitySigner(issuer, () => read(secretArn), now);
  signer.prepare();
  return signer;
}
