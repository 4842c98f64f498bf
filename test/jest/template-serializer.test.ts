import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnDeployment, CfnRestApi, CfnStage } from 'aws-cdk-lib/aws-apigateway';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import templateSerializer from '../../lib/jest';

describe('the template serializer', () => {
  test('is the module itself, as jest takes one that its configuration names', () => {
    // jest calls `test` and `serialize` of what `require` gives it
    const plugin: unknown = jest.requireActual('../../lib/jest');
    const { test: takes, serialize } = plugin as typeof templateSerializer;

    expect(takes(templateOf({}))).toBe(true);
    expect(serialize(templateOf({}))).toBe(templateSerializer.serialize(templateOf({})));
  });

  test('takes templates, as objects and as assertions, and nothing else', () => {
    const template = templateOf({ deployment: 'Deployment0123456789abcdef' });

    expect(templateSerializer.test(template)).toBe(true);
    expect(templateSerializer.test(template.toJSON())).toBe(true);
    expect(templateSerializer.test({ Resources: 'many' })).toBe(false);
    expect(templateSerializer.test({ Resources: { a: 1 } })).toBe(false);
    expect(templateSerializer.test('Resources')).toBe(false);
    expect(templateSerializer.test(null)).toBe(false);
  });

  test("gives a deployment's id the same name whatever was deployed, where it is referred to, too", () => {
    const before = templateSerializer.serialize(templateOf({ deployment: 'Deployment0123456789abcdef' }));
    const after = templateSerializer.serialize(templateOf({ deployment: 'Deploymentfedcba9876543210' }));

    expect(before).toContain('"Ref": "Deployment<hash>"');
    expect(after).toBe(before);
  });

  test('leaves hashes of assets and paths of this machine out', () => {
    const text = templateSerializer.serialize(templateOf({ asset: __dirname }));

    expect(text).toContain('"S3Key": "<asset>.zip"');
    expect(text).not.toMatch(/[0-9a-f]{64}/);
    expect(text).not.toContain('aws:asset');
  });

  test('leaves out what CDK adds to every stack', () => {
    const text = templateSerializer.serialize(templateOf({}));

    expect(text).not.toContain('Bootstrap');
    expect(text).not.toContain('CDKMetadata');
  });

  test('keeps everything else', () => {
    const text = templateSerializer.serialize({
      Parameters: { BootstrapVersion: {}, Certificate: { Type: 'String' } },
      Resources: {
        Table: {
          Type: 'AWS::DynamoDB::Table',
          DeletionPolicy: 'Retain',
          Properties: { KeySchema: [1, null, true] },
        },
      },
    });

    expect(JSON.parse(text)).toEqual({
      Parameters: { Certificate: { Type: 'String' } },
      Resources: {
        Table: {
          Type: 'AWS::DynamoDB::Table',
          DeletionPolicy: 'Retain',
          Properties: { KeySchema: [1, null, true] },
        },
      },
    });
  });
});

function templateOf({ deployment = 'Deployment0123456789abcdef', asset = '' }): Template {
  const stack = new Stack(
    new App({ builtinCloudFormationValidation: false, analyticsReporting: true }),
    'Stack',
  );
  const { ref: restApiId } = new CfnRestApi(stack, 'Api');
  const { ref: deploymentId } = new CfnDeployment(stack, 'Deployment', { restApiId });
  new CfnStage(stack, 'Stage', { restApiId, deploymentId });
  (stack.node.findChild('Deployment') as CfnDeployment).overrideLogicalId(deployment);
  if (asset) {
    new LambdaFunction(stack, 'Function', {
      code: Code.fromAsset(asset),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
    });
  }
  return Template.fromStack(stack);
}
