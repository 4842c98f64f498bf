import type { JwtConfiguration } from '../../../lib/protocol/authorizer-configuration';
import type { Caller } from '../caller';
import { claimAt } from '../claim-at';
import { Unauthenticated } from '../refused';
import type { JsonObject } from './json-object';

/** Which claims say what about a caller; also of an introspected token. */
export type ClaimNames = Pick<
  JwtConfiguration,
  'scopeClaim' | 'rolesClaim' | 'tenantClaim' | 'clientIdClaim'
>;

/** The caller that claims describe. Throws where they name nobody. */
export function callerOf(claims: JsonObject, names: ClaimNames, credentialId: string): Caller {
  const userId = text(claims['sub']);
  const clientId = names.clientIdClaim
    ? text(claimAt(claims, names.clientIdClaim))
    : (text(claims['client_id']) ?? text(claims['azp']));
  if (userId === undefined && clientId === undefined) throw new Unauthenticated('NO_SUBJECT', credentialId);

  return {
    credentialId: text(claims['jti'])?.slice(0, 128) ?? credentialId,
    userId,
    clientId,
    tenantId: names.tenantClaim ? text(claimAt(claims, names.tenantClaim)) : undefined,
    scopes: words(claimAt(claims, names.scopeClaim ?? 'scope')),
    roles: words(claimAt(claims, names.rolesClaim ?? 'roles')),
    claims,
  };
}

// RFC 7519 section 4.1.2: a string; anything else is no name
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** A list of strings as it is, a string split at blanks (RFC 6749 section 3.3). */
function words(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(' ').filter((word) => word !== '');
  return Array.isArray(value) ? value.filter((word) => typeof word === 'string' && word !== '') : [];
}
