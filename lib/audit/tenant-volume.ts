import { Duration, Names, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { AccessLogField } from './access-log-format';

/** What the busiest tenant's requests are counted over. */
export const PERIOD = Duration.minutes(5);
const TENANT: AccessLogField = 'organization.id';

/** Counts the requests of each tenant, by a rule of CloudWatch Contributor Insights on the access log. */
export class TenantVolume extends Construct {
  private readonly ruleName: string;

  constructor(scope: Construct, id: string, accessLogGroup: ILogGroup) {
    super(scope, id);
    this.ruleName = Names.uniqueResourceName(this, { maxLength: 128 });
    const field = `$.${TENANT}`;
    new cloudwatch.CfnInsightRule(this, 'Rule', {
      ruleName: this.ruleName,
      ruleState: 'ENABLED',
      ruleBody: Stack.of(this).toJsonString({
        Schema: { Name: 'CloudWatchLogRule', Version: 1 },
        LogGroupNames: [accessLogGroup.logGroupName],
        LogFormat: 'JSON',
        Contribution: { Keys: [field], Filters: [{ Match: field, NotIn: ['-'] }] },
        AggregateOn: 'Count',
      }),
    });
  }

  /** Requests of the tenant with the most. */
  public busiest(): cloudwatch.MathExpression {
    return new cloudwatch.MathExpression({
      label: 'Requests of the busiest tenant',
      expression: `INSIGHT_RULE_METRIC("${this.ruleName}", "MaxContributorValue")`,
      usingMetrics: {},
      period: PERIOD,
    });
  }
}
