import { Stack, type StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { EdgeRule, ThreatFeed, WebAcl } from 'cdk-secure-api-gateway';
import type { Construct } from 'constructs';

export interface ThreatFeedsStackProps extends StackProps {
  readonly onCall: ITopic;
}

/** A web ACL of its own, for any stage, which refuses whom feeds name and who attacked before. */
export class ThreatFeedsStack extends Stack {
  constructor(scope: Construct, id: string, { onCall, ...props }: ThreatFeedsStackProps) {
    super(scope, id, props);

    // #region feeds
    const acl = new WebAcl(this, 'WebAcl', {
      threatFeeds: [
        ...ThreatFeed.spamhausDrop(),
        ThreatFeed.torExits(),
        ThreatFeed.lines('own', 'https://lists.example.com/networks.txt'),
      ],
      exempt: [{ networks: ['203.0.113.0/24'], rules: [EdgeRule.THREAT_FEEDS] }],
    });
    for (const alarm of acl.staleFeedAlarms) alarm.addAlarmAction(new SnsAction(onCall));
    acl.denialAlarm?.addAlarmAction(new SnsAction(onCall));
    // #endregion
  }
}
