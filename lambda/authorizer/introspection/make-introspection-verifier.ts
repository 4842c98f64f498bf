import { RememberedSecret } from '../../shared/remembered-secret';
import { secretReader } from '../../shared/secret-reader';
import type { VerifierMaker } from '../compose';
import { introspector } from './introspect';
import { IntrospectionVerifier } from './introspection-verifier';

export const makeIntrospectionVerifier: VerifierMaker<'introspection'> = (scheme, { configuration, now }) => {
  const secret = new RememberedSecret(scheme.clientSecretArn, secretReader(), now);
  const introspect = introspector(scheme, { secret, now });
  // on its way while the function starts; whoever needs it learns of a failure
  secret.current().catch(() => {});
  return new IntrospectionVerifier(scheme, introspect, configuration.revokeWithinSeconds * 1000, now);
};
