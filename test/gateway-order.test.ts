import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { WebAcl } from '../lib';
import { ENVIRONMENT, gatewayStack, quickApp } from './fixtures/gateway';
import { awaited, idsOf, type Resources } from './fixtures/references';

describe('a deployment of the stack', () => {
  const resources = resourcesOf(gatewayStack({ tiers: { free: { rate: 5, burst: 10 } } }).stack);
  const [stage = ''] = idsOf(resources, 'AWS::ApiGateway::Stage');
  const [webAcl = ''] = idsOf(resources, 'AWS::WAFv2::WebACL');
  const [association = ''] = idsOf(resources, 'AWS::WAFv2::WebACLAssociation');
  const authorizer = only(idsOf(resources, 'AWS::Lambda::Function').filter((id) => /Authorizer/.test(id)));

  test('serves what is new only when its rules and its policy are in force', () => {
    expect([...awaited(resources, stage)]).toEqual(expect.arrayContaining([webAcl, authorizer]));
  });

  test('frees what goes of its rules only when it is refused', () => {
    expect([...awaited(resources, webAcl)]).toContain(authorizer);
  });

  test('lets nobody through to a service before the web ACL protects the stage, a renamed one too', () => {
    const plans = idsOf(resources, 'AWS::ApiGateway::UsagePlan');

    expect(plans).toHaveLength(4);
    for (const plan of plans) expect([...awaited(resources, plan)]).toContain(association);
  });

  test('calls no authorizer that it may not call yet, whoever defines the web ACL', () => {
    const webAcl = WebAcl.fromWebAclArn(
      new Stack(),
      'Elsewhere',
      'arn:aws:wafv2:eu-west-1:111111111111:regional/x',
    );
    const found = resourcesOf(gatewayStack({ webAcl }).stack);
    const permissions = idsOf(found, 'AWS::Lambda::Permission').filter((id) =>
      /AuthorizerHandlerInvoke/.test(id),
    );

    expect(permissions).toHaveLength(1);
    expect([...awaited(found, stage)]).toEqual(expect.arrayContaining(permissions));
  });

  test('runs in no circle where the web ACL is defined in another stack', () => {
    const app = quickApp();
    const elsewhere = new WebAcl(new Stack(app, 'Edge', { env: ENVIRONMENT }), 'WebAcl');

    expect(() => resourcesOf(gatewayStack({ webAcl: elsewhere }, app).stack)).not.toThrow();
  });

  function resourcesOf(stack: Stack): Resources {
    return Template.fromStack(stack).toJSON()['Resources'];
  }

  function only(ids: string[]): string {
    expect(ids).toHaveLength(1);
    return ids[0] ?? '';
  }
});
