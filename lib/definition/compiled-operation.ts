import type { OperationPolicy } from '../protocol/policy';
import type { OperationSecurity } from './expand-security';
import type { Operation } from './operation';
import type { OperationBody } from './read-body';
import type { Settings } from './setting';
import type { GatewayPath } from './unify-paths';

/** All that is known of one operation once every pass has seen it; the emitters write their parts from it. */
export interface CompiledOperation {
  readonly operation: Operation;
  readonly id: string;
  readonly settings: Settings;
  readonly security: OperationSecurity;
  readonly backend: string;
  readonly body?: OperationBody;
  /** Names of models by media type; absent where the body is only observed. */
  readonly models: Readonly<Record<string, string>>;
  readonly gatewayPath: GatewayPath;
  readonly parameters: OperationPolicy['parameters'];
}
