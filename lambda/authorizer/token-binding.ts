import { certificateThumbprint } from '../../lib/protocol/client-certificate';
import type { AuthorizerRequest } from './authorizer-request';
import type { Caller } from './caller';
import { isJsonObject } from './jwt/json-object';
import { Unauthenticated } from './refused';

/**
 * A token bound to a key proves nothing without it (RFC 7800): bound to a client certificate, it must come with
 * that certificate (RFC 8705 section 3.1); bound in a way that is not checked here (DPoP among them), it is
 * refused. Asked at every request: what is remembered of a token is not who sends it.
 */
export function requireBinding(
  { claims, credentialId }: Caller,
  { certificate }: Pick<AuthorizerRequest, 'certificate'>,
): void {
  const confirmation = claims['cnf'];
  if (confirmation === undefined) return;
  if (!isJsonObject(confirmation) || Object.keys(confirmation).join() !== 'x5t#S256') {
    throw new Unauthenticated('BINDING_NOT_SUPPORTED', credentialId);
  }
  const thumbprint = certificate && certificateThumbprint(certificate);
  if (thumbprint === undefined || thumbprint !== confirmation['x5t#S256']) {
    throw new Unauthenticated('BOUND_TO_ANOTHER_CERTIFICATE', credentialId);
  }
}
