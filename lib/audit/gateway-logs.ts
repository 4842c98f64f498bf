import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type ILogGroup, LogGroup, type LogGroupProps, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { AuditOptions } from './audit-options';
import { dataProtection } from './data-protection';

/** What one group has of its own. */
export type SpecialGroup = Pick<LogGroupProps, 'logGroupName' | 'retention'>;

/** Makes the log groups of one gateway, all with the same retention, key and masks. */
export class GatewayLogs {
  /** All that were made. */
  public readonly groups: ILogGroup[] = [];

  /** The user's; none where the groups are encrypted by CloudWatch Logs' own. */
  public readonly encryptionKey?: IKey;

  private readonly settings: LogGroupProps;

  constructor(at: string, scope: Construct, { retention, encryptionKey, patterns }: AuditOptions) {
    if (encryptionKey) {
      allowLogs(scope, encryptionKey);
      this.encryptionKey = encryptionKey;
    }
    this.settings = {
      retention: retention ?? RetentionDays.ONE_YEAR,
      dataProtectionPolicy: dataProtection(at, patterns),
      // a record of who did what outlives the stack that made it
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      ...(encryptionKey && { encryptionKey }),
    };
  }

  /** A log group under `scope`; a name only where AWS demands one. */
  public group(scope: Construct, id: string, special: SpecialGroup = {}): ILogGroup {
    const { logGroupName, retention } = special;
    const group = new LogGroup(scope, id, {
      ...this.settings,
      ...(logGroupName && { logGroupName }),
      ...(retention && { retention }),
    });
    this.groups.push(group);
    return group;
  }
}

/** What CloudWatch Logs asks for (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html). */
const LOGS_MAY = [
  'kms:Decrypt',
  'kms:Describe*',
  'kms:Encrypt',
  'kms:GenerateDataKey*',
  'kms:ReEncrypt*',
] as const;

/** CloudWatch Logs itself uses the key, for the groups of this account and region only. */
function allowLogs(scope: Construct, key: IKey): void {
  if (!(key instanceof Key)) return;

  const stack = Stack.of(scope);
  key.grant(
    new ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`).withConditions({
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': stack.formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: '*',
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      },
    }),
    ...LOGS_MAY,
  );
}
