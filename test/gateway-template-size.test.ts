import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import { generatedDocument } from '../bench/generated-document';
import { Backend, BackendResponses, SecureApiGateway } from '../lib';
import { CUSTOMER, documentOf, ENVIRONMENT, loadBalancerIn, quickApp, SERVER_NAME } from './fixtures/gateway';

/** CloudFormation's largest template, uploaded. */
const MAXIMUM_BYTES = 1_000_000;

const PLAIN = { suppressTemplateIndentation: true };

describe('the template of a large document', () => {
  test.each<[number, object]>([
    [300, {}],
    [700, {}],
    [700, { 'x-gateway': { contract: 'observe' } }],
  ])('is small enough for CloudFormation: %d operations %j', (operations, more) => {
    const stack = stackOf(operations, PLAIN, more);

    expect(bytesOf(Template.fromStack(stack).toJSON())).toBeLessThan(0.96 * MAXIMUM_BYTES);
  });

  test('is small enough for 250 operations whose answers are mapped', () => {
    const stack = stackOf(250, PLAIN, {}, quickApp(), BackendResponses.MAPPED);

    expect(bytesOf(Template.fromStack(stack).toJSON())).toBeLessThan(0.96 * MAXIMUM_BYTES);
  });

  test('is refused where it is not, with the numbers and the way out', () => {
    const app = quickApp();
    stackOf(900, PLAIN, {}, app);

    expect(messageOf(app)).toMatch(
      /Orders\/Gateway\/Resource: the template has 1[01]\d{5} bytes, 1[01]\d{5} of them for an API of 900 operations and 1 models; CloudFormation takes at most 1000000; split the document .*\[TEMPLATE_TOO_LARGE\]/,
    );
  });

  test('is refused where only its indentation makes it too large, which is the way out then', () => {
    const app = quickApp();
    stackOf(700, {}, {}, app);

    expect(messageOf(app)).toMatch(
      /has 1[34]\d{5} bytes, .*; leave out the indentation, without which it has [89]\d{5}: 'suppressTemplateIndentation: true' on the stack/,
    );
  });

  test('is measured with all that the stack holds', () => {
    const app = quickApp();
    const stack = stackOf(300, PLAIN, {}, app);
    new logs.CfnLogGroup(stack, 'Large', { dataProtectionPolicy: { text: 'x'.repeat(MAXIMUM_BYTES) } });

    expect(messageOf(app)).toMatch(/has 1[45]\d{5} bytes, [34]\d{5} of them for an API of 300 operations/);
  });

  test('is measured where each of several gateways is small', () => {
    const app = quickApp();
    const stack = new Stack(app, 'Orders', { env: ENVIRONMENT });
    gatewaysIn(stack, ['V1', 'V2', 'V3', 'V4'], 190, {});

    expect(messageOf(app)).toMatch(
      /Orders\/V4\/Resource: the template has 1[78]\d{5} bytes, [34]\d{5} of them/,
    );
  });
});

function stackOf(
  operations: number,
  props: object,
  more: object,
  app: App = quickApp(),
  responses?: BackendResponses,
): Stack {
  const stack = new Stack(app, 'Orders', { env: ENVIRONMENT, ...props });
  gatewaysIn(stack, ['Gateway'], operations, more, responses);
  return stack;
}

function gatewaysIn(
  stack: Stack,
  ids: readonly string[],
  operations: number,
  more: object,
  responses?: BackendResponses,
): void {
  const loadBalancer = loadBalancerIn(stack, new ec2.Vpc(stack, 'Vpc'));
  const options = { serverName: SERVER_NAME, ...(responses && { responses }) };
  for (const id of ids) {
    new SecureApiGateway(stack, id, {
      definition: documentOf(JSON.stringify({ ...generatedDocument(operations), ...more })),
      authentication: CUSTOMER,
      backends: { orders: Backend.applicationLoadBalancer(loadBalancer, options) },
    });
  }
}

function bytesOf(template: unknown): number {
  return Buffer.byteLength(JSON.stringify(template));
}

function messageOf(app: App): string {
  try {
    app.synth();
  } catch (error) {
    return String(error);
  }
  return 'synthesized';
}
