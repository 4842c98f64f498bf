import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { AlarmThresholds } from './alarm-thresholds';
import type { AuditExport } from './audit-export';
import type { DataPattern } from './data-pattern';
import type { LoggingRole } from './logging-role';

/**
 * What the gateway records.
 */
export interface AuditOptions {
  /**
   * How long logs are kept: of requests, of the web ACL, of API Gateway's errors and of every function.
   *
   * @default RetentionDays.ONE_YEAR
   */
  readonly retention?: RetentionDays;

  /**
   * Encrypts the logs. A key defined in this app is opened to CloudWatch Logs; the policy of an imported one must
   * allow `logs.<region>.amazonaws.com` already, else the deployment fails. What it encrypted is read by it as long as
   * that is kept: a key that is given up for another must go on to allow it.
   *
   * @default - CloudWatch Logs' own key
   */
  readonly encryptionKey?: IKey;

  /**
   * What no log may show, beside credentials, private keys, cards and e-mail addresses. At most five.
   *
   * @default - none
   */
  readonly patterns?: DataPattern[];

  /**
   * Whether API Gateway writes its execution log: errors only, without data trace, masked like every log. It says
   * which integration or mapping failed, and why a body breaks its schema; for that it may quote a value of the body.
   *
   * @default true, unless the document redacts something in a body: `x-gateway-redact`, `format: password`, or a name such
   * as `password`
   */
  readonly executionLogs?: boolean;

  /**
   * Where the trail goes beside its log groups: to a locked bucket, or to a SIEM. Alarms sound when it does
   * not get there, at `alarmTopic` if there is one.
   *
   * @default - nowhere
   */
  readonly export?: AuditExport;

  /**
   * Where the role comes from with which API Gateway writes logs.
   *
   * @default LoggingRole.ENSURE
   */
  readonly loggingRole?: LoggingRole;

  /**
   * Where alarms go, those of certificates and threat feeds too, and who changed the gateway past its template
   * (CloudTrail must be on for that). An imported topic's policy must let `events.amazonaws.com` and
   * `cloudwatch.amazonaws.com` publish, and so must the key of an encrypted one.
   *
   * @default - none are defined
   */
  readonly alarmTopic?: ITopic;

  /**
   * Defines a dashboard: is it up, who is refused and why, who is heavy, how far from limits; by backend, tier and
   * sensitive operation. Its tables are queries of the logs, which cost each time somebody looks.
   *
   * @default false
   */
  readonly dashboard?: boolean;

  /**
   * ARNs of roles whose changes are not reported, as IAM knows them: `arn:aws:iam::<account>:role/<name>`. Whoever
   * gets hold of one changes the gateway unseen.
   *
   * @default - all changes are reported, those of deployments too
   */
  readonly unreportedRoles?: string[];

  /**
   * Above what the alarms go off.
   *
   * @default - see each
   */
  readonly alarmThresholds?: AlarmThresholds;
}
