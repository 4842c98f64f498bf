import type { OperationPolicy } from '../../lib/protocol/policy';
import type { AuthorizerRequest } from './authorizer-request';
import type { Caller } from './caller';
import { claimAt } from './claim-at';
import { Forbidden } from './refused';

/**
 * The path parameter must equal the caller's claim, character by character: an id written in another way is
 * another id here. A claim with a percent sign equals nothing: the backend gets the path decoded, so what equals
 * it here is somebody else's id there. Nor does a number beyond those a double tells apart.
 */
export function requireOwner(
  { owner, pathNames }: OperationPolicy,
  { claims, credentialId }: Caller,
  { pathParameters }: AuthorizerRequest,
): void {
  if (owner === undefined) return;

  const value = pathParameters[gatewayName(owner.parameter, pathNames)];
  const claim = claimAt(claims, owner.claim);
  if (typeof claim === 'string' && claim !== '' && !claim.includes('%') && value === claim) return;
  if (Number.isSafeInteger(claim) && value === String(claim)) return;

  throw new Forbidden('NOT_OWNER', credentialId);
}

// sibling path variables were unified: the gateway knows the parameter by another name than the document
function gatewayName(declared: string, pathNames: OperationPolicy['pathNames']): string {
  for (const name in pathNames) {
    if (pathNames[name] === declared) return name;
  }
  return declared;
}
