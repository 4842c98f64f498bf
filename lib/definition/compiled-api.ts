import type { IdentityHeaderNames } from '../protocol/identity-headers';
import type { Policy } from '../protocol/policy';
import type { Finding } from './report';

/**
 * What a document compiles to: one part for each room that acts on it.
 */
export interface CompiledApi {
  /** The document as API Gateway imports it: OpenAPI 3.0.1, with placeholders for integrations. */
  readonly body: GatewayBody;

  /** For backends: names of the headers that say who calls, and all names callers may not send. */
  readonly identity: IdentityPlan;

  /** For the authorizer. */
  readonly policy: Policy;

  /** For the web ACL. */
  readonly edge: EdgePlan;

  /** For the stage. */
  readonly stage: { readonly throttles: readonly MethodThrottle[] };

  /** For logs. */
  readonly audit: AuditPlan;

  /** For backends whose answers are mapped, by `METHOD path` as imported. */
  readonly exchanges: Readonly<Record<string, DeclaredExchange>>;

  /** For the person at synthesis. */
  readonly findings: readonly Finding[];
}

export interface IdentityPlan {
  readonly headers: IdentityHeaderNames;
  readonly reserved: readonly string[];
}

export interface GatewayBody {
  readonly openapi: '3.0.1';
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, GatewayOperation>>>>;
  readonly components: {
    readonly schemas?: Readonly<Record<string, unknown>>;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
  };
  readonly [extension: `x-amazon-apigateway-${string}`]: unknown;
}

export interface GatewayOperation {
  readonly [key: string]: unknown;
  readonly 'x-amazon-apigateway-integration': IntegrationPlaceholder | Readonly<Record<string, unknown>>;
}

/** Stands where an integration will; `SecureApiGateway` replaces it. A compiled body that keeps one does not import. */
export interface IntegrationPlaceholder {
  readonly type: 'placeholder';
  readonly backend: string;
  /** In upper case. */
  readonly method: string;
  /** As imported: sibling variables unified. */
  readonly path: string;
  readonly pathParameters: readonly string[];
  /** Headers in which the caller's credential may come, beside `Authorization`; overwritten on the way to the backend. */
  readonly credentialHeaders: readonly string[];
  /** Headers a backend must not get from the caller: they may hold a credential, or once said who calls. */
  readonly withheldHeaders: readonly string[];
  /** The operation has cookie parameters: its backend gets those and no others. */
  readonly declaredCookies: boolean;
  readonly timeoutMillis?: number;
}

/** What an operation declares of its requests and answers, names as the document has them. */
export interface DeclaredExchange {
  readonly headers: readonly string[];
  /** Names in the query, those of an exploded object's properties included. */
  readonly queryParameters: readonly string[];
  /** Declared names of query parameters that come by names nobody can list. */
  readonly unlisted: readonly string[];
  /** Media types of answers that are no text, if there are any. */
  readonly binaryAnswers?: readonly string[];
  /** Headers of the answer, by status: `200`, `4XX` or `default`. */
  readonly answers: Readonly<Record<string, readonly string[]>>;
}

/** Name of the security scheme in the body that stands for our authorizer; its `authorizerUri` is to be filled. */
export const AUTHORIZER_SCHEME = 'authorizer';

/** Name of the security scheme in the body that makes a method demand a plan key. */
export const PLAN_SCHEME = 'plan';

export interface OperationRef {
  /** In upper case. */
  readonly method: string;
  /** As imported. */
  readonly path: string;
}

export interface EdgePlan {
  /** Union of declared media types of bodies, lower case; the range of all while a contract is only observed. */
  readonly mediaTypes: readonly string[];

  /** Operations that take a body, and those whose contract is only observed. */
  readonly bodies: readonly OperationRef[];

  /** Operations with a body, by the smallest class that holds their `maxBody`; none of those below. */
  readonly sizeClasses: Readonly<Record<SizeClass, readonly OperationRef[]>>;

  /** Operations whose bodies may be larger than the web ACL can measure, for the stated reason. */
  readonly uninspected: readonly (OperationRef & { readonly reason: string })[];

  /** Operations whose bodies may hold credentials. */
  readonly credentialBodies: readonly OperationRef[];

  /** Operations that look like a login, with no limit of their own. */
  readonly loginOperations: readonly OperationRef[];

  /** Operations open to one named IP set only. */
  readonly onlyFrom: readonly (OperationRef & { readonly set: string })[];
}

/** Body sizes AWS WAF can inspect behind API Gateway, in KB (aws-facts 7.10). */
export type SizeClass = '16' | '32' | '64';

/** `x-gateway.rateLimit` without `by`. */
export interface MethodThrottle extends OperationRef {
  /** Requests per second. */
  readonly rate: number;
  readonly burst: number;
}

export interface AuditPlan {
  readonly redact: {
    readonly headers: readonly string[];
    readonly queryParameters: readonly string[];
    readonly cookies: readonly string[];
    /** A parameter whose names only requests know is among what is to be redacted. */
    readonly query: boolean;
    /** A path parameter is. */
    readonly path: boolean;
    readonly body: boolean;
  };
  readonly sensitive: readonly OperationRef[];
}
