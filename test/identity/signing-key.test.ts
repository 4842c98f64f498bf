import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { IDENTITY_HEADERS, KEY_SET_PATH } from '../../lib/protocol';
import { DOCUMENT, documentOf, ENVIRONMENT, gatewayStack, quickApp } from '../fixtures/gateway';
import { codesOf } from '../fixtures/problems';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

describe('the identity handed to backends', () => {
  const { stack } = gatewayStack();
  const template = Template.fromStack(stack);

  function actionsOf(rolePattern: RegExp): string[] {
    return Object.values(template.findResources('AWS::IAM::Policy'))
      .filter(({ Properties }) => rolePattern.test(JSON.stringify(Properties.Roles)))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[])
      .flatMap(({ Action }) => Action);
  }

  function operations(): [string, string, Record<string, unknown>][] {
    const [api] = Object.values(template.findResources('AWS::ApiGateway::RestApi'));
    return Object.entries(api?.['Properties'].Body.paths as Record<string, Record<string, unknown>>).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(
          ([method, one]) => [path, method, one] as [string, string, Record<string, unknown>],
        ),
    );
  }

  test('is signed by a key that a rotation makes, every 30 days', () => {
    template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
    });
    // no key stands in the template
    expect(JSON.stringify(template.toJSON())).not.toMatch(/PRIVATE KEY|"d":/);
  });

  test('has its public half published again as soon as CloudFormation has updated the parameter, which empties it', () => {
    const [parameter] = Object.keys(template.findResources('AWS::SSM::Parameter'));
    const rotation = Object.keys(template.findResources('AWS::Lambda::Function')).find((id) =>
      /Rotation/.test(id),
    );
    const rules = template.findResources('AWS::Events::Rule', {
      Properties: { EventPattern: { detail: { 'logical-resource-id': [parameter, rotation] } } },
    });
    const [[id, rule] = []] = Object.entries(rules);

    expect(rule?.['Properties']).toMatchObject({
      EventPattern: {
        source: ['aws.cloudformation'],
        'detail-type': ['CloudFormation Resource Status Change'],
        detail: { 'stack-id': [{ Ref: 'AWS::StackId' }], 'status-details': { status: ['UPDATE_COMPLETE'] } },
      },
    });
    expect(JSON.stringify(rule?.['Properties'].Targets)).toContain(String.raw`{\"Step\":\"publishAgain\"`);
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'events.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [id, 'Arn'] },
    });
  });

  test('is rotated only once the function may be started and may write', () => {
    const [schedule] = Object.values(template.findResources('AWS::SecretsManager::RotationSchedule'));

    expect(schedule?.['DependsOn']).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/RotationHandlerRotate/),
        expect.stringMatching(/RotationRoleDefaultPolicy/),
      ]),
    );
  });

  test('is looked after twice a day where somebody is told, by a schedule that may start the rotation', () => {
    const checks = (found: Template) =>
      Object.entries(found.findResources('AWS::Events::Rule')).filter(([id]) =>
        id.includes('SigningKeyCheck'),
      );
    const app = quickApp();
    const alarmTopic = new Topic(new Stack(app, 'Watch', { env: ENVIRONMENT }), 'Topic');
    const watched = Template.fromStack(gatewayStack({ audit: { alarmTopic } }, app).stack);
    const [[id = '', rule] = []] = checks(watched);

    expect(checks(template)).toEqual([]);
    expect(rule?.['Properties'].ScheduleExpression).toBe('rate(12 hours)');
    expect(JSON.stringify(rule?.['Properties'].Targets)).toMatch(/checkRotation.*SigningKeySecret/);
    watched.hasResourceProperties('AWS::Lambda::Permission', {
      FunctionName: { 'Fn::GetAtt': [Match.stringLikeRegexp('SigningKeyRotationHandler'), 'Arn'] },
      Principal: 'events.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [id, 'Arn'] },
    });
  });

  test('lets the authorizer read the key, and not change it', () => {
    const actions = actionsOf(/AuthorizerRole/);

    expect(actions.filter((action) => action.startsWith('secretsmanager'))).toEqual([
      'secretsmanager:GetSecretValue',
    ]);
  });

  test('keeps the private key from the function that publishes the public ones', () => {
    const actions = actionsOf(/KeySet/);

    expect(actions.sort()).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents', 'ssm:GetParameter']);
  });

  test('lets the function that rotates read and write the public keys, and nothing else of parameters', () => {
    expect(actionsOf(/SigningKeyRotation/).filter((action) => action.startsWith('ssm'))).toEqual([
      'ssm:GetParameter',
      'ssm:PutParameter',
    ]);
  });

  test('lets nothing but Secrets Manager rotate, and nothing but one operation ask for the keys', () => {
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'secretsmanager.amazonaws.com',
      Action: 'lambda:InvokeFunction',
      SourceAccount: stack.resolve(stack.account),
    });
    expect(actionsOf(/SigningKeyRotation/)).not.toContain('secretsmanager:GetRandomPassword');
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'apigateway.amazonaws.com',
      SourceArn: { 'Fn::Join': ['', Match.arrayWith([`/*/GET${KEY_SET_PATH}`])] },
    });
  });

  test('is published by the one operation that is answered without the authorizer', () => {
    const open = operations().filter(([, , { security }]) => JSON.stringify(security) === '[]');

    expect(open.map(([path, method]) => `${method} ${path}`)).toEqual([`get ${KEY_SET_PATH}`]);
  });

  test('takes the place of the caller credential and of every identity header, on every operation', () => {
    const backend = operations().filter(([path]) => path !== KEY_SET_PATH);
    expect(backend.length).toBeGreaterThan(2);

    for (const [, , operation] of backend) {
      const { requestParameters } = operation['x-amazon-apigateway-integration'] as {
        requestParameters: Record<string, string>;
      };
      expect(requestParameters['integration.request.header.Authorization']).toBe(
        'context.authorizer.identity',
      );
      for (const [key, header] of Object.entries(IDENTITY_HEADERS)) {
        expect(requestParameters[`integration.request.header.${header}`]).toBe(`context.authorizer.${key}`);
      }
    }
  });

  test('fails where the document has an operation at the path of the key set', () => {
    const definition = documentOf(DOCUMENT.replace('/health:', `${KEY_SET_PATH}:`));

    expect(codesOf(() => gatewayStack({ definition }))).toEqual(['RESERVED_PATH']);
  });
});
