import type { JwtConfiguration } from '../../../lib/protocol/authorizer-configuration';
import type { OperationPolicy } from '../../../lib/protocol/policy';

export const NOW = 1_800_000_000;
export const ISSUER = 'https://id.example.com/';
export const AUDIENCE = 'orders';

/** Claims of a token that is accepted. */
export const CLAIMS = { iss: ISSUER, aud: AUDIENCE, sub: 'alice', iat: NOW - 60, exp: NOW + 600 };

export const PLAN_KEYS = {
  anonymous: 'plan-anonymous',
  authenticated: 'plan-authenticated',
  exhausted: 'plan-exhausted',
  contractRefusal: 'plan-contract',
  tiers: { pro: 'plan-pro' },
};

export function jwtConfiguration(changes: Partial<JwtConfiguration> = {}): JwtConfiguration {
  return {
    kind: 'jwt',
    issuer: ISSUER,
    audiences: [AUDIENCE],
    jwksUri: 'https://id.example.com/jwks',
    algorithms: ['RS256', 'ES256', 'EdDSA', 'PS256'],
    maximumLifetimeSeconds: 86_400,
    ...changes,
  };
}

export function operation(changes: Partial<OperationPolicy> = {}): OperationPolicy {
  return {
    id: 'listOrders',
    backend: 'orders',
    security: [{ customer: [] }],
    contract: 'enforce',
    parameters: [],
    ...changes,
  };
}
