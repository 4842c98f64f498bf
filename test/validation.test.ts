import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ApiKeyStore, Authentication, BackendResponses, Quota, Truststore } from '../lib';
import { CatalogueStack } from './examples/adopt-existing';
import { AuditedStack } from './examples/audited';
import { OrdersStack } from './examples/orders/stack';
import { ThreatFeedsStack } from './examples/threat-feeds';
import { documentOf, ENVIRONMENT, gatewayStack, quickApp } from './fixtures/gateway';

const TOPIC = 'arn:aws:sns:eu-west-1:111111111111:on-call';

const WATCHED = `
openapi: 3.1.0
info: { title: Watched, version: 1.0.0 }
x-gateway: { backend: orders, audit: sensitive }
components: { securitySchemes: { machine: { type: apiKey, in: header, name: X-Api-Key } } }
security: [{ machine: [] }]
paths:
  /payouts:
    get:
      responses: { '200': { description: OK } }
`;

// the one suite with CloudFormation's own validation on: it takes seconds to load
describe('what the examples synthesize', () => {
  test.each<[string, (app: App) => Stack]>([
    [
      'the orders sample',
      (app) =>
        new OrdersStack(app, 'Orders', {
          env: ENVIRONMENT,
          issuer: 'https://id.example.com/',
          audience: 'orders',
          serverName: 'orders.internal.example.com',
          certificateArn:
            'arn:aws:acm:eu-west-1:111111111111:certificate/00000000-0000-0000-0000-000000000000',
        }),
    ],
    ['an adopted load balancer', (app) => new CatalogueStack(app, 'Catalogue', { env: ENVIRONMENT })],
    ['a trail nobody can change', (app) => new AuditedStack(app, 'Audited', { env: ENVIRONMENT })],
    [
      'a web ACL with threat feeds',
      (app) => {
        const topics = new Stack(quickApp(), 'Topics', { env: ENVIRONMENT });
        const onCall = Topic.fromTopicArn(topics, 'OnCall', 'arn:aws:sns:eu-west-1:111111111111:on-call');
        return new ThreatFeedsStack(app, 'ThreatFeeds', { env: ENVIRONMENT, onCall });
      },
    ],
    [
      'a gateway that is watched for all there is to watch',
      (app) => {
        const alarmTopic = Topic.fromTopicArn(new Stack(quickApp(), 'Topics'), 'Topic', TOPIC);
        const keys = new ApiKeyStore(new Stack(app, 'Keys', { env: ENVIRONMENT }), 'Keys');
        return gatewayStack(
          {
            definition: documentOf(WATCHED),
            authentication: { machine: Authentication.apiKey({ keys }) },
            audit: { alarmTopic, dashboard: true },
          },
          app,
        ).stack;
      },
    ],
    [
      'a gateway with every option',
      (app) =>
        gatewayStack(
          {
            tiers: { free: { rate: 5, burst: 10, quota: Quota.perDay(1000) } },
            authorizer: { reservedConcurrency: 50 },
            edge: { deny: ['192.0.2.0/24', '2001:db8::/32'] },
            backend: { clientCertificate: true, responses: BackendResponses.MAPPED },
            audit: { alarmTopic: Topic.fromTopicArn(new Stack(quickApp(), 'Topics'), 'Topic', TOPIC) },
            domain: {
              domainName: 'api.example.com',
              certificate: Certificate.fromCertificateArn(
                new Stack(quickApp(), 'Certificates', { env: ENVIRONMENT }),
                'Certificate',
                'arn:aws:acm:eu-west-1:111111111111:certificate/11111111-1111-1111-1111-111111111111',
              ),
              mutualTls: {
                truststore: Truststore.fromBucket(
                  Bucket.fromBucketName(new Stack(quickApp(), 'Buckets'), 'Truststores', 'truststores'),
                  'partners.pem',
                  'tH5bM1aRk',
                ),
                allowedSubjects: ['C=GB, O=Carrier, CN=batch'],
              },
            },
          },
          app,
        ).stack,
    ],
  ])('is valid to CloudFormation and clean to cdk-nag: %s', (_what, define) => {
    const app = new App({
      builtinCloudFormationValidation: true,
      context: { '@aws-cdk/core:validateAgainstDefaultRules': true },
    });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
    acknowledgeSample(define(app));

    expect(violationsOf(app)).toEqual([]);
  });
});

/** What the examples' networks leave out, since they only stand for the user's own. */
function acknowledgeSample(stack: Stack): void {
  Validations.of(stack).acknowledge(
    { id: 'AwsSolutions::AwsSolutions-VPC7', reason: 'flow logs belong to the owner of the network' },
    { id: 'AwsSolutions::AwsSolutions-ELB2', reason: 'the gateway records every request' },
    {
      id: 'CloudFormation-Validate::E1151',
      reason: 'what a lookup answers without an account is no real id',
    },
  );
}

/** Of every plugin, CloudFormation's own rules included. */
function violationsOf(app: App): string[] {
  try {
    app.synth();
  } catch (error) {
    if (!String(error).includes('Validation failed')) throw error;
  }
  const report: Report = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'));

  return report.pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    ),
  );
}

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath?: string }[];
    }[];
  }[];
}
