import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ApiKeyStore, AuditExport, Authentication, ThreatFeed } from '../../lib';
import { documentOf, ENVIRONMENT, type FixtureProps, gatewayStack, quickApp } from '../fixtures/gateway';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');

const MACHINES = `
openapi: 3.1.0
info: { title: Orders, version: 1.0.0 }
x-gateway: { backend: orders }
components: { securitySchemes: { machine: { type: apiKey, in: header, name: X-Api-Key } } }
security: [{ machine: [] }]
paths:
  /orders: { get: { responses: { '200': { description: OK } } } }
`;
const SENSITIVE = MACHINES.replace('get: {', 'get: { x-gateway: { audit: sensitive },');

interface AlarmProperties {
  readonly Metrics?: readonly { readonly Expression?: string; readonly MetricStat?: unknown }[];
}

/** Cents a month: ten a metric that an alarm looks at, three times as much for one with its band. */
function alarmsOf(props: (stack: Stack) => FixtureProps): number {
  const app = quickApp();
  const shared = new Stack(app, 'Shared', { env: ENVIRONMENT });
  const { audit, ...others } = props(shared);
  const alarmTopic = new Topic(shared, 'Topic');
  const { stack } = gatewayStack({ ...others, audit: { alarmTopic, ...audit } }, app);
  return Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'))
    .map(({ Properties }): AlarmProperties => Properties)
    .map(({ Metrics = [] }) => {
      const banded = Metrics.some(({ Expression }) => Expression?.startsWith('ANOMALY_DETECTION_BAND'));
      return 10 * (Math.max(1, Metrics.filter(({ MetricStat }) => MetricStat).length) + (banded ? 2 : 0));
    })
    .reduce((sum, cents) => sum + cents, 0);
}

const METRIC = 30;
const INSIGHT_RULE = 50;

describe('what alarms cost by option, as the README has it:', () => {
  const machine = (shared: Stack, text: string): FixtureProps => ({
    definition: documentOf(text),
    authentication: { machine: Authentication.apiKey({ keys: new ApiKeyStore(shared, 'Keys') }) },
  });
  const plain = alarmsOf(() => ({}));
  const machines = alarmsOf((shared) => machine(shared, MACHINES));
  const certificate = (shared: Stack) =>
    Certificate.fromCertificateArn(
      shared,
      'Imported',
      'arn:aws:acm:eu-west-1:111111111111:certificate/00000000-0000-0000-0000-000000000000',
    );

  test.each<[string, string, number]>([
    ['API keys', '| API keys: three alarms', machines - plain + METRIC + INSIGHT_RULE],
    [
      'sensitive operations',
      '| sensitive operations: an alarm',
      alarmsOf((shared) => machine(shared, SENSITIVE)) - machines + METRIC,
    ],
    [
      'one certificate for services',
      '| certificates for services',
      alarmsOf(() => ({ backend: { clientCertificate: true }, clientCertificates: ['one'] })) -
        plain +
        METRIC,
    ],
    [
      'a threat feed',
      '| threat feeds, each',
      alarmsOf(() => ({
        edge: { threatFeeds: [ThreatFeed.lines('own', 'https://feeds.example.com/own')] },
      })) -
        plain +
        2 * METRIC,
    ],
    ['the export', "| the trail's export", alarmsOf(() => ({ audit: { export: AuditExport.s3() } })) - plain],
  ])('%s', (_, row, cents) => {
    const line = README.split('\n').find((text) => text.startsWith(row));

    expect(line).toContain(`| $${(cents / 100).toFixed(2)}`);
  });

  test('a further certificate for services, and one of a domain', () => {
    const services = (...clientCertificates: string[]) =>
      alarmsOf(() => ({ backend: { clientCertificate: true }, clientCertificates }));
    const domain = alarmsOf((shared) => ({
      domain: { domainName: 'api.example.com', certificate: certificate(shared) },
    }));

    expect(services('one', 'two') - services('one') + METRIC).toBe(40);
    expect(domain - plain).toBe(10);
    expect(README).toContain('| $0.50, then $0.40 each; $0.10 |');
  });
});
