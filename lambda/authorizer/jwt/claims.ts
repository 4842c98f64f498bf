import type { JwtConfiguration } from '../../../lib/protocol/authorizer-configuration';
import { Unauthenticated } from '../refused';
import type { JsonObject } from './json-object';

/** How far the clocks of an issuer and of ours may differ. */
export const CLOCK_TOLERANCE_SECONDS = 5;

/** Throws unless the claims are those of a token of this issuer, for us, now (RFC 7519 section 4.1). `now` in seconds. */
export function requireClaims(claims: JsonObject, configuration: JwtConfiguration, now: number): void {
  requireIssuer(claims, configuration);
  requireAudience(claims, configuration);
  requireTimes(claims, configuration, now);
  for (const name in configuration.requiredClaims) {
    if (claims[name] !== configuration.requiredClaims[name]) throw new Unauthenticated('WRONG_CLAIM');
  }
}

function requireIssuer({ iss }: JsonObject, { issuer }: JwtConfiguration): void {
  if (iss !== issuer) throw new Unauthenticated('UNKNOWN_ISSUER');
}

function requireAudience(claims: JsonObject, { audiences, audienceClaim = 'aud' }: JwtConfiguration): void {
  const aud = claims[audienceClaim];
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  const isList = named.every((audience) => typeof audience === 'string');
  if (!isList || !named.some((audience) => audiences.includes(audience)))
    throw new Unauthenticated('WRONG_AUDIENCE');
}

function requireTimes(
  { exp, nbf, iat }: JsonObject,
  { maximumLifetimeSeconds }: JwtConfiguration,
  now: number,
): void {
  if (!isDate(exp)) throw new Unauthenticated('NO_EXPIRY');
  if (now >= exp + CLOCK_TOLERANCE_SECONDS) throw new Unauthenticated('EXPIRED');
  if (nbf !== undefined && (!isDate(nbf) || now < nbf - CLOCK_TOLERANCE_SECONDS)) {
    throw new Unauthenticated('NOT_YET_VALID');
  }
  // without iat nobody can say how long it lives
  if (!isDate(iat)) throw new Unauthenticated('NO_ISSUE_TIME');
  if (now < iat - CLOCK_TOLERANCE_SECONDS) throw new Unauthenticated('ISSUED_IN_FUTURE');
  if (exp - iat > maximumLifetimeSeconds) throw new Unauthenticated('LIVES_TOO_LONG');
}

// RFC 7519 section 2, NumericDate: a JSON number, fractions allowed
const isDate = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
