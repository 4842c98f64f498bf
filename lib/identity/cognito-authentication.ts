import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type { AuthenticationRecipe } from './authentication-recipe';
import { JwtAlgorithm, jwtRecipe, type TokenOptions } from './jwt-authentication';

/**
 * Options for `Authentication.cognito()`.
 */
export interface CognitoAuthenticationOptions {
  /**
   * App clients whose access tokens are accepted.
   */
  readonly clients: cognito.IUserPoolClient[];

  /**
   * Claim that holds the roles.
   *
   * @default 'cognito:groups'
   */
  readonly rolesClaim?: string;

  /**
   * Claim that names the tenant; a pre-token-generation trigger can add one.
   *
   * @default - callers have no tenant
   */
  readonly tenantClaim?: string;

  /**
   * Keys of the user pool as they are now, so that the first requests need not wait for them.
   *
   * @default - fetched by the first instance that needs them
   */
  readonly keys?: TokenOptions['keys'];
}

// Cognito's access tokens name the client in client_id and carry no aud; its ID tokens are told apart by token_use
export function cognitoRecipe(
  userPool: cognito.IUserPool,
  { clients, rolesClaim = 'cognito:groups', tenantClaim, keys }: CognitoAuthenticationOptions,
): AuthenticationRecipe {
  const issuer = `https://${userPool.userPoolProviderName}`;
  return jwtRecipe({
    issuer,
    jwksUri: `${issuer}/.well-known/jwks.json`,
    audiences: clients.map(({ userPoolClientId }) => userPoolClientId),
    audiencesName: 'clients',
    audienceClaim: 'client_id',
    requiredClaims: { token_use: 'access' },
    algorithms: [JwtAlgorithm.RS256],
    rolesClaim,
    tenantClaim,
    keys,
  });
}
