import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import {
  type AuthenticationRecipe,
  audienceProblems,
  blankProblems,
  httpsProblems,
} from './authentication-recipe';

/**
 * How the authorizer proves to the issuer that it may ask about a token.
 */
export enum ClientAuthentication {
  /** By password, in HTTP's basic scheme. The secret is the password, or JSON with a member `client_secret`. */
  CLIENT_SECRET_BASIC = 'client_secret_basic',
  /** By a signed statement (RFC 7523). The secret is the private key, as PEM or JWK. */
  PRIVATE_KEY_JWT = 'private_key_jwt',
}

/**
 * Options for `Authentication.introspection()`.
 */
export interface IntrospectionAuthenticationOptions {
  /**
   * Issuer of the tokens.
   */
  readonly issuer: string;

  /**
   * Where the issuer answers questions about tokens (RFC 7662).
   */
  readonly endpoint: string;

  /**
   * Audiences that are accepted. The answer must name at least one of them in `aud`.
   */
  readonly audiences: string[];

  /**
   * Name under which the authorizer is known to the issuer.
   */
  readonly clientId: string;

  /**
   * Password or private key of that client. It may rotate: a new one is taken up when the old one is refused.
   */
  readonly clientSecret: secretsmanager.ISecret;

  /**
   * How the client proves itself.
   *
   * @default ClientAuthentication.CLIENT_SECRET_BASIC
   */
  readonly clientAuthentication?: ClientAuthentication;

  /**
   * Member of the answer that holds the scopes.
   *
   * @default 'scope'
   */
  readonly scopeClaim?: string;

  /**
   * Member of the answer that holds the roles.
   *
   * @default 'roles'
   */
  readonly rolesClaim?: string;

  /**
   * Member of the answer that names the tenant.
   *
   * @default - callers have no tenant
   */
  readonly tenantClaim?: string;
}

export function introspectionRecipe(options: IntrospectionAuthenticationOptions): AuthenticationRecipe {
  const { issuer, endpoint, audiences, clientId, clientSecret, scopeClaim, rolesClaim, tenantClaim } =
    options;
  const { clientAuthentication = ClientAuthentication.CLIENT_SECRET_BASIC } = options;

  return {
    problems: (at) => [
      ...httpsProblems(at, 'issuer', issuer),
      ...httpsProblems(at, 'endpoint', endpoint),
      ...audienceProblems(at, 'audiences', audiences),
      ...blankProblems(at, { clientId, scopeClaim, rolesClaim, tenantClaim }),
    ],
    configuration: () => ({
      kind: 'introspection',
      endpoint,
      issuer,
      audiences,
      clientId,
      clientSecretArn: clientSecret.secretArn,
      clientAuthentication,
      scopeClaim,
      rolesClaim,
      tenantClaim,
    }),
    secrets: [clientSecret],
    grant: (grantee) => {
      clientSecret.grantRead(grantee);
    },
  };
}
