import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Quota } from '../lib';
import { CatalogueStack } from './examples/adopt-existing';
import { OrdersStack } from './examples/orders/stack';
import { ENVIRONMENT, gatewayStack } from './fixtures/gateway';

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
    [
      'a gateway with every option',
      (app) =>
        gatewayStack(
          {
            tiers: { free: { rate: 5, burst: 10, quota: Quota.perDay(1000) } },
            authorizer: { reservedConcurrency: 50 },
            edge: { deny: ['192.0.2.0/24', '2001:db8::/32'] },
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
    { id: 'AwsSolutions::AwsSolutions-DDB3', reason: 'the table stands in until the sample has a key store' },
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
