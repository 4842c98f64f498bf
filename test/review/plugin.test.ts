import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IPolicyValidationPlugin, NestedStack, Stack, Validations } from 'aws-cdk-lib';
import { CfnMethod, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Backend, SecureApiGateway } from '../../lib';
import { GatewayConfigurationError } from '../../lib/errors';
import { formatFindings, readTemplates, review, SecureApiGatewayReview } from '../../lib/review';
import {
  CUSTOMER,
  documentOf,
  ENVIRONMENT,
  gatewayStack,
  loadBalancerIn,
  quickApp,
  SERVER_NAME,
} from '../fixtures/gateway';

describe('the review as a validation plugin', () => {
  test('lets a clean gateway pass', () => {
    const { app } = gatewayStack();
    Validations.of(app).addPlugins(new SecureApiGatewayReview());

    expect(() => app.synth()).not.toThrow();
  });

  test('fails the synthesis of another API with an open operation, and names the construct', () => {
    const { app, stack } = gatewayStack();
    const plugin: IPolicyValidationPlugin = new SecureApiGatewayReview();
    Validations.of(app).addPlugins(plugin);
    new RestApi(stack, 'Other', { cloudWatchRole: false }).root.addMethod('GET');

    expect(() => app.synth()).toThrow();
    const report = readFileSync(join(app.outdir, 'validation-report.json'), 'utf8');
    expect(report).toContain('open-operation');
    expect(report).toContain('Orders/Other/Default/GET');
    expect(stack.node.findAll().some((node) => node instanceof CfnMethod)).toBe(true);
  });
});

describe('the templates of a review', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secure-api-gateway-review-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('are read from a cloud assembly', () => {
    const { app } = gatewayStack();
    app.synth();

    const templates = readTemplates(app.outdir);
    expect(templates.map(({ stack }) => stack)).toEqual(['Orders']);
    expect(review(templates)).toEqual([]);
  });

  test('are read from nested stacks, and from stacks of any name', () => {
    const { app } = gatewayStack();
    const backend = new Stack(app, 'Backend');
    const nested = new NestedStack(backend, 'Nested');
    for (const scope of [backend, nested]) {
      new RestApi(scope, 'Other', { cloudWatchRole: false, deploy: false }).root.addMethod('GET');
    }
    app.synth();

    const found = review(readTemplates(app.outdir));
    expect(found.map(({ rule, at }) => [rule, at])).toEqual([
      ['open-operation', expect.stringMatching(/^Backend\.OtherGET/)],
      ['open-operation', expect.stringMatching(/^Backend\w+\.nested\.OtherGET/)],
    ]);
  });

  test('are followed from a nested gateway to the load balancer of its parent', () => {
    const app = quickApp();
    const stack = new Stack(app, 'Parent', { env: ENVIRONMENT });
    const vpc = new Vpc(stack, 'Vpc');
    const loadBalancer = loadBalancerIn(stack, vpc);
    new SecureApiGateway(new NestedStack(stack, 'Nested'), 'Gateway', {
      definition: documentOf(),
      authentication: CUSTOMER,
      backends: { orders: Backend.applicationLoadBalancer(loadBalancer, { serverName: SERVER_NAME }) },
    });
    app.synth();
    const messages = () =>
      review(readTemplates(app.outdir)).map(({ rule, message }) => `${rule}: ${message}`);

    expect(messages().filter((message) => message.includes('elsewhere'))).toEqual([]);
  });

  test('are read from YAML with short forms', () => {
    const path = join(folder, 'service.yaml');
    writeFileSync(
      path,
      [
        'Resources:',
        '  Api: { Type: AWS::ApiGateway::RestApi }',
        '  Method:',
        '    Type: AWS::ApiGateway::Method',
        '    Properties:',
        '      RestApiId: !Ref Api',
        '      AuthorizationType: NONE',
        "      Integration: { Uri: !Join ['', ['http://', !GetAtt Api.RootResourceId]] }",
      ].join('\n'),
    );

    const [template] = readTemplates(path);
    expect(template?.stack).toBe('service');
    expect(template?.template.Resources?.['Method']?.Properties).toEqual({
      RestApiId: { Ref: 'Api' },
      AuthorizationType: 'NONE',
      Integration: { Uri: { 'Fn::Join': ['', ['http://', { 'Fn::GetAtt': ['Api', 'RootResourceId'] }]] } },
    });
    expect(review(readTemplates(path)).map(({ rule }) => rule)).toEqual(['open-operation', 'plain-http']);
  });

  test('fail to be read where there are none', () => {
    expect(() => readTemplates(join(folder, 'nowhere'))).toThrow('synthesize first');

    const empty = mkdtempSync(join(folder, 'empty-'));
    expect(() => readTemplates(empty)).toThrow('no template with resources');
    writeFileSync(join(empty, 'Stack.template.json'), '{}');
    expect(() => readTemplates(empty)).toThrow('no template with resources');
    for (const text of ['{bad', 'null']) {
      writeFileSync(join(empty, 'Stack.template.json'), text);
      expect(() => readTemplates(empty)).toThrow(GatewayConfigurationError);
    }
  });

  test('are told of in text, the certain first', () => {
    const text = formatFindings(
      review([
        {
          stack: 'Stack',
          template: {
            Resources: {
              Outside: { Type: 'AWS::ApiGateway::RestApi', Properties: { BodyS3Location: {} } },
              Stage: { Type: 'AWS::ApiGateway::Stage' },
            },
          },
        },
      ]),
    );

    expect(text).toMatch(/^unlogged-stage: the stage has no access log\n {2}at Stack.Stage Properties/);
    expect(text).toMatch(/open-operation \(unknown\)/);
    expect(text).toMatch(/1 finding, 1 unknown$/);
    expect(formatFindings([])).toBe('no findings');
  });
});
