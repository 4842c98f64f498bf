import type { OperationPolicy } from '../../lib/protocol/policy';
import type { AuthorizerRequest } from './authorizer-request';
import type { Caller } from './caller';
import { claimAt } from './claim-at';
import { Forbidden } from './refused';

/**
 * The path parameter must equal the caller's claim, as it is or as `encodeURIComponent` writes it: events carry paths
 * as they were sent, and clients encode the `@` of an address and the bar of `auth0|7`. An id written in any other way
 * is another id here. A claim with a character that means something in a path equals nothing: the backend gets the path
 * decoded, so `bob/orders` and `bob;x` would be Bob's there. Nor does a number beyond those a double tells apart.
 */
export function requireOwner(
  { owner, pathNames }: OperationPolicy,
  { claims, credentialId }: Caller,
  { pathParameters }: AuthorizerRequest,
): void {
  if (owner === undefined) return;

  const value = pathParameters[gatewayName(owner.parameter, pathNames)];
  const claim = claimAt(claims, owner.claim);
  if (typeof claim === 'string' && ID.test(claim)) {
    if (value === claim || value === encodeURIComponent(claim)) return;
  }
  if (Number.isSafeInteger(claim) && value === String(claim)) return;

  throw new Forbidden('NOT_OWNER', credentialId);
}

// half a surrogate pair cannot be encoded, nor be sent
const ID = /^(?!\.\.?$)[^%/\\?#;\p{Surrogate}]+$/u;

// sibling path variables were unified: the gateway knows the parameter by another name than the document
function gatewayName(declared: string, pathNames: OperationPolicy['pathNames']): string {
  for (const name in pathNames) {
    if (pathNames[name] === declared) return name;
  }
  return declared;
}
