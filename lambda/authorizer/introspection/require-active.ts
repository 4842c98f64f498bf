import type { IntrospectionConfiguration } from '../../../lib/protocol/authorizer-configuration';
import { CLOCK_TOLERANCE_SECONDS } from '../jwt/claims';
import type { JsonObject } from '../jwt/json-object';
import { Unauthenticated } from '../refused';

/**
 * Throws unless the answer is that of an active token, of this issuer, for us, now (RFC 7662 section 2.2). What
 * the answer may leave out is held if it is there; the audience must be there. `now` in seconds.
 */
export function requireActive(
  answer: JsonObject,
  { issuer, audiences }: IntrospectionConfiguration,
  now: number,
): void {
  const { active, iss, aud, exp, nbf, token_type: type } = answer;
  if (active !== true) throw new Unauthenticated('INACTIVE');
  if (iss !== undefined && iss !== issuer) throw new Unauthenticated('UNKNOWN_ISSUER');

  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!named.some((audience) => typeof audience === 'string' && audiences.includes(audience))) {
    throw new Unauthenticated('WRONG_AUDIENCE');
  }
  if (exp !== undefined && !(typeof exp === 'number' && now < exp + CLOCK_TOLERANCE_SECONDS)) {
    throw new Unauthenticated('EXPIRED');
  }
  if (nbf !== undefined && !(typeof nbf === 'number' && now >= nbf - CLOCK_TOLERANCE_SECONDS)) {
    throw new Unauthenticated('NOT_YET_VALID');
  }
  // refresh tokens are active too, and no credential of a request
  if (type !== undefined && String(type).toLowerCase() !== 'bearer')
    throw new Unauthenticated('WRONG_TOKEN_TYPE');
}
