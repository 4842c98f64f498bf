import type { LimitConfiguration } from './limits';

/** Name of the environment variable that holds the `AuthorizerConfiguration` as JSON. At most 4 KB. */
export const AUTHORIZER_CONFIGURATION = 'GATEWAY_CONFIGURATION';

/**
 * The deploy-time half of what the authorizer knows; the symbolic half is the `Policy`.
 */
export interface AuthorizerConfiguration {
  /** How each security scheme of the policy is verified, by scheme name. */
  readonly schemes: Readonly<Record<string, SchemeConfiguration>>;

  /** Values of `usageIdentifierKey`: names of plans, not credentials. */
  readonly planKeys: PlanKeys;

  /** How long, in seconds, a revoked key or token may still work. 0 reads the store on every request. */
  readonly revokeWithinSeconds: number;

  /** Name of the DynamoDB table of API keys, tenants and revoked certificates. */
  readonly table?: string;

  /**
   * Callers whose credential says their tenant but no tier get the tenant's, out of the table; one whose tenant is
   * not there gets `unknownTier`, or 403 if that is absent. Absent: nobody is looked up.
   */
  readonly tenants?: { readonly unknownTier?: string };

  /** What the domain's mutual TLS demands of every request. Absent: nothing. */
  readonly mutualTls?: MutualTlsConfiguration;

  /** How exact limits are counted. Absent: there are none. */
  readonly limits?: LimitConfiguration;

  /** Where the key that signs the identity handed to backends lies. Absent: nothing is signed. */
  readonly signing?: { readonly issuer: string; readonly secretArn: string };
}

/** A certificate is demanded in any case. */
export interface MutualTlsConfiguration {
  /** Absent: any the truststore's authorities issued. */
  readonly allowedSubjects?: readonly string[];
  /** Whether the table lists revoked ones. */
  readonly revocations: boolean;
}

export interface PlanKeys {
  /** Callers of public operations. */
  readonly anonymous: string;
  /** Authenticated callers without a tier. */
  readonly authenticated: string;
  /** Rate 0, burst 0: API Gateway answers 429. */
  readonly exhausted: string;
  /** Never created: API Gateway answers INVALID_API_KEY, whose gateway response is 400 here. Empty: a plain Deny, 403. */
  readonly contractRefusal: string;
  /** One shared key a tier, by tier name. */
  readonly tiers: Readonly<Record<string, string>>;
}

export type SchemeConfiguration =
  | JwtConfiguration
  | ApiKeyConfiguration
  | IntrospectionConfiguration
  | ClientCertificateConfiguration;

export type JwsAlgorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA';

export interface JwtConfiguration {
  readonly kind: 'jwt';
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** Absent: from the issuer's discovery document. */
  readonly jwksUri?: string;
  /** Absent: `<issuer>/.well-known/openid-configuration`. */
  readonly discoveryUri?: string;
  readonly algorithms: readonly JwsAlgorithm[];
  /** Demanded `typ` header, for example `at+jwt` (RFC 9068). Absent: any but an ID token. */
  readonly tokenType?: string;
  readonly scopeClaim?: string;
  readonly rolesClaim?: string;
  readonly tenantClaim?: string;
  readonly clientIdClaim?: string;
  /** Claim that carries the audience: Cognito's access tokens have `client_id` instead of `aud`. @default aud */
  readonly audienceClaim?: string;
  /** Claims that must have exactly this value, for example Cognito's `token_use: access`. */
  readonly requiredClaims?: Readonly<Record<string, string>>;
  /** Longest `exp − iat` accepted. */
  readonly maximumLifetimeSeconds: number;
  /** File beside the policy with keys baked in at synthesis. */
  readonly snapshot?: string;
  /** Present if tokens may come encrypted: ARN of the secret with our private keys, and what they decrypt. */
  readonly decryption?: { readonly secretArn: string; readonly algorithms: readonly string[] };
}

export interface ApiKeyConfiguration {
  readonly kind: 'apiKey';
  readonly prefix: string;
  readonly environment: string;
}

export interface IntrospectionConfiguration {
  readonly kind: 'introspection';
  readonly endpoint: string;
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly clientId: string;
  readonly clientSecretArn: string;
  readonly clientAuthentication: 'client_secret_basic' | 'private_key_jwt';
  readonly scopeClaim?: string;
  readonly rolesClaim?: string;
  readonly tenantClaim?: string;
}

export interface ClientCertificateConfiguration {
  readonly kind: 'clientCertificate';
  readonly allowedSubjects?: readonly string[];
}
