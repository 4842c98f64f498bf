import { Token } from 'aws-cdk-lib';
import type { Problem } from '../errors';
import { type AuthenticationRecipe, httpsProblems } from './authentication-recipe';
import { jwtRecipe, type TokenOptions } from './jwt-authentication';

const WELL_KNOWN = '/.well-known/openid-configuration';

/**
 * Options for `Authentication.openIdConnect()`.
 */
export interface OpenIdConnectAuthenticationOptions extends TokenOptions {
  /**
   * Audiences that are accepted. A token must name at least one of them in its `aud` claim.
   */
  readonly audiences: string[];

  /**
   * Issuer that tokens must name in their `iss` claim.
   *
   * @default - the discovery URL up to `/.well-known/openid-configuration`
   */
  readonly issuer?: string;
}

export function openIdConnectRecipe(
  discoveryUrl: string,
  options: OpenIdConnectAuthenticationOptions,
): AuthenticationRecipe {
  return jwtRecipe({
    ...options,
    issuer: options.issuer ?? discoveryUrl.slice(0, -WELL_KNOWN.length),
    discoveryUri: discoveryUrl,
    problems: (at) => [
      ...discoveryProblems(at, discoveryUrl),
      ...httpsProblems(at, 'discoveryUrl', discoveryUrl),
    ],
  });
}

// OpenID Connect Discovery 1.0, section 4: the address is the issuer and this suffix, and the issuer in the
// document must be the one asked; a document found elsewhere would prove nothing about the issuer
function discoveryProblems(at: string, discoveryUrl: string): Problem[] {
  if (!Token.isUnresolved(discoveryUrl) && discoveryUrl.endsWith(WELL_KNOWN)) return [];

  return [
    {
      code: 'INVALID_DISCOVERY_URL',
      at,
      message: `the discovery URL must end with ${WELL_KNOWN}, got ${JSON.stringify(discoveryUrl)}`,
      remedy:
        'write it out, or use Authentication.jwt({ issuer, jwksUri, … }) for an issuer without discovery',
    },
  ];
}
