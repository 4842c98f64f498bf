import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { LoggingRole } from './logging-role';

/**
 * What the gateway records.
 */
export interface AuditOptions {
  /**
   * How long access logs are kept.
   *
   * @default RetentionDays.ONE_YEAR
   */
  readonly retention?: RetentionDays;

  /**
   * Where the role comes from with which API Gateway writes logs.
   *
   * @default LoggingRole.ENSURE
   */
  readonly loggingRole?: LoggingRole;
}
