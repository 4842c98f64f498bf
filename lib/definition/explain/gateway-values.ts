import type { IdentityHeaderNames } from '../../protocol/identity-headers';
import type { ExplainedRule } from './explanation';

/**
 * What a gateway's props and their defaults came to, by the title of the stage they apply to: `TLS`, `addresses`,
 * `rates`, `firewall`, `authentication`, `exact limit`, `plan`, `audit`.
 *
 * They stand in an explanation in place of the names of the props.
 */
export interface GatewayValues {
  readonly stages: Readonly<Record<string, readonly ExplainedRule[]>>;
  /** How credentials of each security scheme are verified, by its name. */
  readonly schemes: Readonly<Record<string, ExplainedRule>>;
  /** Where each backend is, by name. */
  readonly backends: Readonly<Record<string, ExplainedRule>>;
  /** Names of the headers that say who calls: an option of `compile`. */
  readonly identityHeaders: IdentityHeaderNames;
  /** Which API they are of. */
  readonly api: DeployedApi;
}

/** What tells the API of a template from others. */
export interface DeployedApi {
  readonly title: string;
  readonly version: string;
  /** `METHOD path`, as imported. */
  readonly operations: readonly string[];
}
