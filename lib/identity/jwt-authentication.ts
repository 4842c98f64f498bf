import { Duration, Token } from 'aws-cdk-lib';
import type { Problem } from '../errors';
import type { JwsAlgorithm } from '../protocol';
import {
  type AuthenticationRecipe,
  audienceProblems,
  blankProblems,
  httpsProblems,
} from './authentication-recipe';
import type { JwksSnapshot } from './jwks-snapshot';
import { decryptionConfiguration, decryptionProblems, type TokenDecryption } from './token-decryption';

/**
 * Signature algorithms of JSON Web Tokens. Symmetric ones are not among them, nor is `none`.
 */
export enum JwtAlgorithm {
  /** RSASSA-PKCS1-v1_5 with SHA-256. */
  RS256 = 'RS256',
  /** RSASSA-PKCS1-v1_5 with SHA-384. */
  RS384 = 'RS384',
  /** RSASSA-PKCS1-v1_5 with SHA-512. */
  RS512 = 'RS512',
  /** RSASSA-PSS with SHA-256. */
  PS256 = 'PS256',
  /** RSASSA-PSS with SHA-384. */
  PS384 = 'PS384',
  /** RSASSA-PSS with SHA-512. */
  PS512 = 'PS512',
  /** ECDSA on P-256 with SHA-256. */
  ES256 = 'ES256',
  /** ECDSA on P-384 with SHA-384. */
  ES384 = 'ES384',
  /** ECDSA on P-521 with SHA-512. */
  ES512 = 'ES512',
  /** Ed25519 or Ed448. */
  EDDSA = 'EdDSA',
}

/**
 * What is read from a token, and what is demanded of it beside issuer and audience.
 */
export interface TokenOptions {
  /**
   * Where the issuer publishes its keys.
   *
   * @default - as the issuer's discovery document says
   */
  readonly jwksUri?: string;

  /**
   * Algorithms that tokens of this issuer may be signed with.
   *
   * @default [JwtAlgorithm.RS256, JwtAlgorithm.ES256]
   */
  readonly algorithms?: JwtAlgorithm[];

  /**
   * Type that the token's header must name, for example `at+jwt` (RFC 9068).
   *
   * @default - none, `JWT` or `at+jwt`; ID tokens are refused
   */
  readonly tokenType?: string;

  /**
   * Claim that holds the scopes, in one string or a list.
   *
   * @default 'scope'
   */
  readonly scopeClaim?: string;

  /**
   * Claim that holds the roles; `a.b` reaches into `a` where there is no claim `a.b`.
   *
   * @default 'roles'
   */
  readonly rolesClaim?: string;

  /**
   * Claim that names the tenant.
   *
   * @default - callers have no tenant
   */
  readonly tenantClaim?: string;

  /**
   * Claim that names the client application.
   *
   * @default - `client_id`, else `azp`
   */
  readonly clientIdClaim?: string;

  /**
   * Claims that must have exactly this value.
   *
   * @default - none
   */
  readonly requiredClaims?: { [claim: string]: string };

  /**
   * Longest time between a token's issue and its end. Longer-lived tokens are refused.
   *
   * @default Duration.hours(24)
   */
  readonly maximumLifetime?: Duration;

  /**
   * Keys of the issuer as they are now, so that the first requests need not wait for them.
   *
   * @default - fetched by the first instance that needs them
   */
  readonly keys?: JwksSnapshot;

  /**
   * How tokens that come encrypted are opened. What is inside must be a signed token all the same.
   *
   * @default - encrypted tokens are refused
   */
  readonly decryption?: TokenDecryption;
}

/**
 * Options for `Authentication.jwt()`.
 */
export interface JwtAuthenticationOptions extends TokenOptions {
  /**
   * Issuer that tokens must name in their `iss` claim, character by character.
   */
  readonly issuer: string;

  /**
   * Audiences that are accepted. A token must name at least one of them in its `aud` claim.
   */
  readonly audiences: string[];
}

/** What the factories of JWTs vary beyond the options a user has. */
export interface TokenSource extends JwtAuthenticationOptions {
  /** @default aud */
  readonly audienceClaim?: string;
  /** Where the discovery document lies, if not below the issuer. */
  readonly discoveryUri?: string;
  /** How the user knows `audiences`. @default audiences */
  readonly audiencesName?: string;
  /** Problems of the factory's own. */
  readonly problems?: (at: string) => Problem[];
}

const DEFAULT_ALGORITHMS = [JwtAlgorithm.RS256, JwtAlgorithm.ES256];

export function jwtRecipe(options: TokenSource): AuthenticationRecipe {
  const { issuer, audiences, algorithms = DEFAULT_ALGORITHMS, keys, decryption } = options;

  return {
    problems: (at) => [
      ...(options.problems?.(at) ?? []),
      ...httpsProblems(at, 'issuer', issuer),
      ...(options.jwksUri === undefined ? [] : httpsProblems(at, 'jwksUri', options.jwksUri)),
      ...audienceProblems(at, options.audiencesName ?? 'audiences', audiences),
      ...algorithmProblems(at, algorithms),
      ...lifetimeProblems(at, options.maximumLifetime),
      ...blankProblems(at, {
        tokenType: options.tokenType,
        scopeClaim: options.scopeClaim,
        rolesClaim: options.rolesClaim,
        tenantClaim: options.tenantClaim,
        clientIdClaim: options.clientIdClaim,
      }),
      ...(keys?._problems(at, issuer) ?? []),
      ...(decryption ? decryptionProblems(at, decryption) : []),
    ],

    configuration: (snapshot) => ({
      kind: 'jwt',
      issuer,
      audiences,
      jwksUri: options.jwksUri,
      discoveryUri: options.discoveryUri,
      algorithms: algorithms as readonly JwsAlgorithm[],
      tokenType: options.tokenType,
      scopeClaim: options.scopeClaim,
      rolesClaim: options.rolesClaim,
      tenantClaim: options.tenantClaim,
      clientIdClaim: options.clientIdClaim,
      audienceClaim: options.audienceClaim,
      requiredClaims: options.requiredClaims,
      maximumLifetimeSeconds: (options.maximumLifetime ?? Duration.hours(24)).toSeconds(),
      snapshot: keys && snapshot,
      ...(decryption && decryptionConfiguration(decryption)),
    }),
    ...(decryption && { secrets: [decryption.secret] }),
    grant: (grantee) => {
      decryption?.secret.grantRead(grantee);
    },

    snapshot: keys?._text,
  };
}

// a program in plain JavaScript may hand over any string
function algorithmProblems(at: string, algorithms: readonly string[]): Problem[] {
  const known: readonly string[] = Object.values(JwtAlgorithm);
  const unknown = algorithms.filter((algorithm) => !known.includes(algorithm));
  if (algorithms.length > 0 && unknown.length === 0) return [];

  return [
    {
      code: 'UNKNOWN_ALGORITHM',
      at,
      message: `'algorithms' must name asymmetric signature algorithms, got ${JSON.stringify(algorithms)}`,
      remedy: `choose from ${known.join(', ')}`,
    },
  ];
}

function lifetimeProblems(at: string, lifetime: Duration | undefined): Problem[] {
  if (lifetime === undefined || lifetime.isUnresolved() || Token.isUnresolved(lifetime)) return [];
  if (lifetime.toSeconds() > 0) return [];

  return [
    {
      code: 'INVALID_LIFETIME',
      at,
      message: "'maximumLifetime' is zero",
      remedy: 'every token would be refused: write how long tokens of this issuer live at most',
    },
  ];
}
