import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { GatewayConfigurationError, type Problem } from '../errors';
import type { SchemeConfiguration } from '../protocol';
import { type ApiKeyAuthenticationOptions, apiKeyRecipe } from './api-key-authentication';
import type { AuthenticationRecipe } from './authentication-recipe';
import {
  type ClientCertificateAuthenticationOptions,
  clientCertificateRecipe,
} from './client-certificate-authentication';
import { type CognitoAuthenticationOptions, cognitoRecipe } from './cognito-authentication';
import { type IntrospectionAuthenticationOptions, introspectionRecipe } from './introspection-authentication';
import { type JwtAuthenticationOptions, jwtRecipe } from './jwt-authentication';
import {
  type OpenIdConnectAuthenticationOptions,
  openIdConnectRecipe,
} from './open-id-connect-authentication';

/**
 * What a scheme of the document needs of the authorizer's function. Result of `Authentication._bind()`.
 *
 * @internal
 */
export interface AuthenticationBinding {
  readonly configuration: SchemeConfiguration;
  /** Files to lie beside the policy, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Table the authorizer reads; all schemes of one gateway must share it. */
  readonly table?: dynamodb.ITable;
  readonly secrets: readonly secretsmanager.ISecret[];
  readonly grant: (grantee: iam.IGrantable) => void;
}

/**
 * How the caller of one security scheme of the document is authenticated.
 *
 * @example
 * Authentication.jwt({ issuer: 'https://id.example.com/', audiences: ['orders'] });
 */
export class Authentication {
  /**
   * JSON Web Tokens of an issuer, as bearer tokens.
   *
   * @param options Whose tokens, for whom, and what is read from them.
   */
  public static jwt(options: JwtAuthenticationOptions): Authentication {
    return new Authentication(jwtRecipe(options));
  }

  /**
   * Access tokens of a Cognito user pool. People who sign in by SAML arrive here too: the pool federates their
   * identity provider and issues the token; assertions themselves are never accepted.
   *
   * @param userPool Pool that issues the tokens.
   * @param options Which of its app clients are accepted.
   */
  public static cognito(userPool: cognito.IUserPool, options: CognitoAuthenticationOptions): Authentication {
    return new Authentication(cognitoRecipe(userPool, options));
  }

  /**
   * Access tokens of an OpenID provider, found by its discovery document.
   *
   * @param discoveryUrl Address that ends with `/.well-known/openid-configuration`.
   * @param options For whom the tokens must be, and what is read from them.
   */
  public static openIdConnect(
    discoveryUrl: string,
    options: OpenIdConnectAuthenticationOptions,
  ): Authentication {
    return new Authentication(openIdConnectRecipe(discoveryUrl, options));
  }

  /**
   * API keys, in the header that the document names.
   *
   * @param options Where the keys are kept.
   */
  public static apiKey(options: ApiKeyAuthenticationOptions): Authentication {
    return new Authentication(apiKeyRecipe(options));
  }

  /**
   * Opaque tokens, and sessions in a header, that the issuer is asked about (RFC 7662).
   *
   * An answer is remembered no longer than the gateway's `revokeWithin`.
   *
   * @param options Whom to ask, and how.
   */
  public static introspection(options: IntrospectionAuthenticationOptions): Authentication {
    return new Authentication(introspectionRecipe(options));
  }

  /**
   * Client certificates, on a domain with mutual TLS.
   *
   * @param options Which certificates are accepted, and where revoked ones are listed.
   */
  public static clientCertificate(options: ClientCertificateAuthenticationOptions = {}): Authentication {
    return new Authentication(clientCertificateRecipe(options));
  }

  private constructor(private readonly recipe: AuthenticationRecipe) {}

  /**
   * Everything wrong with the options, so that a gateway can report the problems of all its schemes at once.
   *
   * @internal
   */
  public _problems(at: string): Problem[] {
    return this.recipe.problems(at);
  }

  /**
   * Of callers who are named by their certificate.
   *
   * @internal
   */
  public get _clientCertificate(): ClientCertificateAuthenticationOptions | undefined {
    return this.recipe.clientCertificate;
  }

  /**
   * @param scheme Name of the security scheme in the document.
   * @param at Where the scheme stands, in the user's terms, for example a construct path.
   * @internal
   */
  public _bind(scheme: string, at: string): AuthenticationBinding {
    const problems = this._problems(at);
    if (problems.length > 0) throw new GatewayConfigurationError(problems);

    const { table, snapshot, secrets = [], grant = () => {} } = this.recipe;
    const file = `jwks-${scheme.replace(/[^A-Za-z0-9_-]/g, '_')}.json`;
    return {
      configuration: this.recipe.configuration(file),
      files: snapshot === undefined ? {} : { [file]: snapshot },
      table,
      secrets,
      grant,
    };
  }
}
