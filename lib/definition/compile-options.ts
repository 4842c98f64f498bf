import type { IdentityHeaderNames } from '../protocol/identity-headers';
import type { FindingSeverity } from './report';
import type { Cors } from './setting';

/** What the compiler needs to know of the gateway beside its document. */
export interface CompileOptions {
  /** Names of security schemes the gateway knows how to verify. */
  readonly authentication: readonly string[];

  /** Names of backends. A single one is the default for operations that name none. */
  readonly backends: readonly string[];

  /**
   * Emit what is not proven to import: `$default` models and further schema keywords.
   *
   * @default false
   */
  readonly emitUnproven?: boolean;

  /**
   * Findings of this severity or a higher one are problems.
   *
   * @default - findings never fail
   */
  readonly failOn?: FindingSeverity;

  /**
   * Resources (path segments) the API may have; API Gateway's quota, which AWS raises on request.
   *
   * @default 300
   */
  readonly maximumResources?: number;

  /**
   * Cross-origin rules of every path, unless `x-gateway.cors` says otherwise.
   *
   * @default - none
   */
  readonly cors?: Cors;

  /**
   * Names of the headers in which backends get who calls.
   *
   * @default - the usual ones, such as `X-User-Id`
   */
  readonly identityHeaders?: IdentityHeaderNames;
}
