import { CfnOutput, Duration, Fn, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { CfnIPSet } from 'aws-cdk-lib/aws-wafv2';
import { InvocationType, Trigger } from 'aws-cdk-lib/triggers';
import { Construct } from 'constructs';
import { BundledCode } from '../bundled-code';
import {
  DENY_FUNCTION_OUTPUT,
  type ExpireRequest,
  FEED_AGE_METRIC,
  FEED_NAMESPACE,
  type RestoreRequest,
  THREAT_FEED_FILE,
  THREAT_FEED_RESOURCES,
  type ThreatFeedConfiguration,
  type ThreatFeedResources,
} from '../protocol/threat-feed';
import { callAfterUpdate } from '../rewritten';
import { IpSetPair } from './ip-set-pair';
import type { ThreatFeed } from './threat-feed';

/** How much longer than asked for an attacker may be shut out. */
const EXPIRY_CHECK = Duration.minutes(10);

/** Three runs. */
const FAILING_WITHIN = Duration.minutes(30);

const EXPIRE: ExpireRequest = { action: 'expire' };

const RESTORE: RestoreRequest = { action: 'restore' };

const NOBODY = { ipv4: [], ipv6: [] };

/** What `ThreatFeeds` is built from. */
export interface ThreatFeedsProps {
  readonly feeds: readonly ThreatFeed[];
  /** Networks that may not be denied without force. */
  readonly exempt: readonly string[];
  /** How often the feeds are fetched; Spamhaus asks for once an hour at most. */
  readonly every?: Duration;
  /** How old a feed's last good list may be before its alarm goes off. */
  readonly staleAfter?: Duration;
  /** Log of the function that keeps them. @default - a new one, kept for a year */
  readonly logGroup?: logs.ILogGroup;
}

/**
 * IP sets that a scheduled function fills from feeds, and those of attackers denied by hand.
 *
 * The template leaves the sets empty. CloudFormation empties them whenever it updates one, for a tag say; the function
 * fills a set at once that is new, or was emptied.
 */
export class ThreatFeeds extends Construct {
  /** What the feeds name. */
  public readonly feeds: IpSetPair;

  /** Previous attackers. */
  public readonly attackers: IpSetPair;

  /** Keeps the sets; `secure-api-gateway deny` calls it. */
  public readonly handler: lambda.Function;

  /** One for each feed: its list is too old. Add actions to them. */
  public readonly staleAlarms: cloudwatch.Alarm[];

  /** Nobody keeps the sets: denials do not end. Add actions to it, for lack of data too. */
  public readonly failingAlarm: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: ThreatFeedsProps) {
    super(scope, id);
    const { feeds, exempt, every = Duration.hours(6), staleAfter = Duration.days(2) } = props;

    this.feeds = new IpSetPair(this, 'Feeds', NOBODY);
    this.attackers = new IpSetPair(this, 'Attackers', NOBODY);
    const table = this.defineTable();
    this.handler = this.defineHandler(table, props.logGroup ?? this.defineLogGroup(), {
      feeds: feeds.map((feed) => feed._configuration()),
      exempt: [...exempt],
    });
    this.grant(table);

    new events.Rule(this, 'Schedule', {
      schedule: events.Schedule.rate(every),
      targets: [new LambdaFunction(this.handler, { retryAttempts: 0 })],
    });
    new events.Rule(this, 'Expiry', {
      schedule: events.Schedule.rate(EXPIRY_CHECK),
      targets: [
        new LambdaFunction(this.handler, {
          event: events.RuleTargetInput.fromObject(EXPIRE),
          retryAttempts: 0,
        }),
      ],
    });
    const sets = [this.feeds, this.attackers].flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]);
    callAfterUpdate(this, 'Emptied', sets, this.handler, RESTORE);
    new Trigger(this, 'OnDeployment', {
      handler: this.handler,
      // a feed that is down must not fail a deployment
      invocationType: InvocationType.EVENT,
    });
    Validations.of(this.handler).acknowledge({
      id: 'Annotation::@aws-cdk/aws-lambda:addPermissionsToVersionOrAlias',
      reason: 'rules call the function as it is; only the trigger calls a version, and may',
    });
    this.staleAlarms = feeds.map(({ name }) => this.defineAlarm(name, staleAfter));
    this.failingAlarm = this.defineFailing();
    new CfnOutput(this, 'DenyFunction', {
      value: this.handler.functionName,
      description: DENY_FUNCTION_OUTPUT,
    });
  }

  private defineTable(): dynamodb.Table {
    return new dynamodb.Table(this, 'Table', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'deleteAfter',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // it holds the audit of who denied whom
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private defineLogGroup(): logs.LogGroup {
    return new logs.LogGroup(this, 'Logs', {
      retention: logs.RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private defineHandler(
    table: dynamodb.Table,
    logGroup: logs.ILogGroup,
    configuration: ThreatFeedConfiguration,
  ): lambda.Function {
    const resources: ThreatFeedResources = {
      feeds: referencesOf(this.feeds),
      attackers: referencesOf(this.attackers),
      table: table.tableName,
    };
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);

    return new lambda.Function(this, 'Handler', {
      description: 'Keeps the IP sets of threat feeds and of denied attackers',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: new BundledCode('threat-feed', { [THREAT_FEED_FILE]: JSON.stringify(configuration) }),
      environment: { [THREAT_FEED_RESOURCES]: JSON.stringify(resources) },
      memorySize: 512,
      timeout: Duration.minutes(2),
      role,
      logGroup,
    });
  }

  private grant(table: dynamodb.Table) {
    table.grant(
      this.handler,
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:DeleteItem',
      'dynamodb:Query',
    );
    this.handler.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['wafv2:GetIPSet', 'wafv2:UpdateIPSet'],
        resources: [this.feeds, this.attackers].flatMap(({ ipv4, ipv6 }) => [ipv4.attrArn, ipv6.attrArn]),
      }),
    );
  }

  private defineAlarm(feed: string, staleAfter: Duration): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, `Stale-${feed}`, {
      alarmDescription: `The threat feed ${feed} has had no good list for ${staleAfter.toHumanString()}; its last one stays in force. The function's log says why: see that its address answers, or, if the list shrank for good, run \`deny refresh --force ${feed}\`.`,
      metric: new cloudwatch.Metric({
        namespace: FEED_NAMESPACE,
        metricName: FEED_AGE_METRIC,
        dimensionsMap: { Function: this.handler.functionName, Feed: feed },
        statistic: cloudwatch.Stats.MAXIMUM,
        period: Duration.hours(12),
      }),
      threshold: staleAfter.toSeconds(),
      evaluationPeriods: 1,
      // a function that does not run says nothing
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });
  }

  /** Lambda counts the errors of each run, none too: no data is no run. */
  private defineFailing(): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, 'Failing', {
      alarmDescription:
        'Networks denied for a time stay denied: the function that keeps the lists failed twice within half an hour. Its log says why: its table or AWS WAF does not answer, or its role was changed. Without data it does not run: see that it and its schedules are there.',
      metric: this.handler.metricErrors({ period: FAILING_WITHIN, statistic: cloudwatch.Stats.SUM }),
      // the next run makes up for one
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.MISSING,
    });
  }
}

function referencesOf({ ipv4, ipv6 }: IpSetPair): ThreatFeedResources['feeds'] {
  return { ipv4: referenceOf(ipv4), ipv6: referenceOf(ipv6) };
}

/** `Ref` of an IP set is `name|id|scope`; CloudFormation makes up the name. */
function referenceOf(set: CfnIPSet) {
  return { name: Fn.select(0, Fn.split('|', set.ref)), id: set.attrId };
}
