import type { ParameterRule } from './parameter-rules';

/**
 * What the compiler tells the authorizer: every operation of the document, in symbolic names.
 *
 * It lies as `policy.json` beside the authorizer's code. A file asset takes no deploy-time values, so
 * issuers, table names and plan keys come by environment (`AuthorizerConfiguration`).
 */
export interface Policy {
  readonly version: 1;

  /** Where each security scheme of the document expects its credential, by scheme name. */
  readonly schemes: Readonly<Record<string, CredentialLocation>>;

  /** By `METHOD resourcePath` as the authorizer's event has them, for example `GET /orders/{orderId}`. */
  readonly operations: Readonly<Record<string, OperationPolicy>>;
}

export type CredentialLocation =
  /** `Authorization: Bearer …` */
  | { readonly in: 'authorization' }
  /** A header of its own; `name` in lower case. */
  | { readonly in: 'header'; readonly name: string }
  /** The client certificate of the TLS handshake. */
  | { readonly in: 'clientCertificate' };

/** Scopes demanded (all of them), by security scheme. All schemes of one alternative must be satisfied. */
export type SecurityAlternative = Readonly<Record<string, readonly string[]>>;

export interface OperationPolicy {
  /** `operationId`, or `METHOD path` where the document has none. */
  readonly id: string;

  /** Name of the backend the operation goes to. */
  readonly backend: string;

  /** Alternatives, any one of which admits the caller. Empty for a public operation. */
  readonly security: readonly SecurityAlternative[];

  /** Roles, any one of which is demanded beside the scopes. */
  readonly roles?: readonly string[];

  /** The path parameter `parameter` must equal the caller's claim `claim`. */
  readonly owner?: { readonly parameter: string; readonly claim: string };

  /** An exact limit, counted across instances. */
  readonly rateLimit?: ExactLimit;

  /** Media types of the request body, lower case, without parameters. Absent: the operation takes no body. */
  readonly mediaTypes?: readonly string[];

  /** `observe`: violations of parameters and media types are logged and counted, not refused. */
  readonly contract: 'enforce' | 'observe';

  readonly parameters: readonly ParameterRule[];

  /**
   * Declared names of path parameters by the name the gateway's path has, where sibling variables had to
   * be unified.
   */
  readonly pathNames?: Readonly<Record<string, string>>;

  /**
   * By the gateway's name of a path parameter, what stands in its place in other paths: `export` for `{id}`, where
   * there are `/orders/{id}` and `/orders/export`.
   */
  readonly fixedTexts?: Readonly<Record<string, readonly string[]>>;
}

export interface ExactLimit {
  /** Operations whose limits name one scope share the counters. Absent: the operation has its own. */
  readonly scope?: string;
  readonly limit: number;
  readonly perSeconds: number;
  readonly by: 'caller' | 'tenant' | 'client' | 'ip';
}
