import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  AuditExport,
  Authentication,
  Backend,
  OpenApiDocument,
  SecureApiGateway,
} from 'cdk-secure-api-gateway';
import type { Construct } from 'constructs';

/** A gateway whose trail is kept where nobody can change it. */
export class AuditedStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const service = ApplicationLoadBalancer.fromLookup(this, 'Service', {
      loadBalancerTags: { service: 'catalogue' },
    });
    const required = {
      definition: OpenApiDocument.fromFile('test/examples/catalogue.yaml'),
      authentication: {
        customer: Authentication.jwt({ issuer: 'https://id.example.com/', audiences: ['catalogue'] }),
      },
      backends: {
        catalogue: Backend.applicationLoadBalancer(service, { serverName: 'catalogue.example.com' }),
      },
    };
    const encryptionKey = new Key(this, 'Key', { enableKeyRotation: true });
    const onCall = Topic.fromTopicArn(this, 'OnCall', 'arn:aws:sns:eu-west-1:111111111111:on-call');

    // #region trail
    new SecureApiGateway(this, 'Gateway', {
      ...required,
      audit: {
        retention: RetentionDays.ONE_YEAR,
        encryptionKey,
        patterns: [{ name: 'CustomerNumber', expression: 'CUST-[0-9]{8}' }],
        alarmTopic: onCall,
        export: AuditExport.s3({ objectLock: ObjectLockRetention.compliance(Duration.days(3 * 365)) }),
      },
    });
    // #endregion
  }
}
