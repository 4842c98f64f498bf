import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { BodySize, Countries, EdgeRule, InjectionDetection, ManagedRules, Rate, WebAcl } from '../../lib';
import { RESERVED_HEADERS } from '../../lib/protocol/identity-headers';
import { rulesOf, stackOf } from './web-acl-rules';

describe('WebAcl', () => {
  test('has a fixed order of rules', () => {
    expect(rulesOf().names).toEqual([
      'ip-reputation',
      'rate-per-address',
      'rate-per-credential-authorization',
      'rate-per-credential-x-api-key',
      'rate-without-credential',
      'rate-ceiling',
      'reserved-headers',
      'method-override',
      'content-encoding',
      'body-size-16',
      'xml-entities',
      'body-credentials',
      'traversal',
      'nosql-operators',
      'sql-injection',
      'known-bad-inputs',
      'common',
      'no-user-agent',
    ]);
  });

  test('needs no more capacity than is included in its price by default', () => {
    expect(rulesOf().acl.capacity).toBeLessThanOrEqual(1_500);
  });

  test('lets through what no rule refuses, and is regional', () => {
    expect(rulesOf().properties).toMatchObject({ Scope: 'REGIONAL', DefaultAction: { Allow: {} } });
  });

  test('counts the floor without a scope-down, so that nothing takes a request out of it', () => {
    expect(rulesOf().rules.get('rate-per-address').Statement).toEqual({
      RateBasedStatement: { AggregateKeyType: 'IP', EvaluationWindowSec: 300, Limit: 2_000 },
    });
  });

  test('tells a rate-limited caller when to come back', () => {
    const { rules, properties } = rulesOf({ rates: [Rate.perAddress(100, Duration.minutes(1))] });

    expect(rules.get('rate-per-address').Action.Block.CustomResponse).toEqual({
      ResponseCode: 429,
      CustomResponseBodyKey: 'RATE_LIMITED',
      ResponseHeaders: [{ Name: 'Retry-After', Value: '60' }],
    });
    expect(JSON.parse(properties.CustomResponseBodies.RATE_LIMITED.Content)).toEqual({
      type: 'urn:secure-api-gateway:problem:rate-limited',
      title: 'Too many requests',
      status: 429,
      code: 'RATE_LIMITED',
    });
  });

  test('leaves 403 to the gateway, which words it', () => {
    expect(rulesOf().rules.get('reserved-headers').Action).toEqual({ Block: {} });
  });

  test('refuses reserved headers under every spelling, and requests with more headers than it reads', () => {
    const Headers = { MatchScope: 'KEY', OversizeHandling: 'MATCH', MatchPattern: { All: {} } };
    const statement = rulesOf().rules.get('reserved-headers').Statement.RegexMatchStatement;

    expect(statement).toMatchObject({ FieldToMatch: { Headers }, TextTransformations: [{ Type: 'NONE' }] });
    for (const name of RESERVED_HEADERS.flatMap((each) => [
      each,
      each.toUpperCase(),
      each.replaceAll('-', '_'),
    ])) {
      expect(name).toMatch(new RegExp(statement.RegexString));
      expect(`${name}s`).not.toMatch(new RegExp(statement.RegexString));
    }
  });

  test('keeps lists of both families, even where one is empty', () => {
    const { template } = rulesOf({ deny: ['192.0.2.7'] });

    template.resourceCountIs('AWS::WAFv2::IPSet', 2);
    template.hasResourceProperties('AWS::WAFv2::IPSet', {
      IPAddressVersion: 'IPV4',
      Addresses: ['192.0.2.7/32'],
    });
    template.hasResourceProperties('AWS::WAFv2::IPSet', { IPAddressVersion: 'IPV6', Addresses: [] });
  });

  test('refuses everyone outside of onlyFrom in both families', () => {
    const statement = rulesOf({ onlyFrom: ['192.0.2.0/24'] }).rules.get('only-from').Statement;

    expect(statement.NotStatement.Statement.OrStatement.Statements).toHaveLength(2);
  });

  test('turns exemptions into labels, never into an allow', () => {
    const { rules } = rulesOf({
      exempt: [
        { networks: ['192.0.2.0/24'], rules: [EdgeRule.COMMON, EdgeRule.TRAVERSAL, EdgeRule.RATE_LOGIN] },
      ],
      loginOperations: [{ method: 'POST', path: '/login' }],
    });
    const excused = (rule: string) => ({
      NotStatement: {
        Statement: { LabelMatchStatement: { Scope: 'LABEL', Key: `secure-api-gateway:exempt:${rule}` } },
      },
    });

    expect(rules.get('exempt-1').Action).toEqual({ Count: {} });
    expect(rules.get('common').Statement.ManagedRuleGroupStatement.ScopeDownStatement).toEqual(
      excused('common'),
    );
    expect(rules.get('traversal').Statement.AndStatement.Statements[0]).toEqual(excused('traversal'));
    expect(
      rules.get('rate-login').Statement.RateBasedStatement.ScopeDownStatement.AndStatement.Statements[0],
    ).toEqual(excused('rate-login'));
  });

  test('allows nobody past the rest of the rules', () => {
    const { rules } = rulesOf({ exempt: [{ networks: ['192.0.2.0/24'], rules: [EdgeRule.COMMON] }] });

    expect([...rules.values()].filter((rule) => rule.Action?.Allow)).toEqual([]);
  });

  test('admits only the given countries', () => {
    expect(rulesOf({ countries: Countries.only('GB') }).rules.get('countries').Statement).toEqual({
      NotStatement: { Statement: { GeoMatchStatement: { CountryCodes: ['GB'] } } },
    });
    expect(rulesOf({ countries: Countries.allBut('GB') }).rules.get('countries').Statement).toEqual({
      GeoMatchStatement: { CountryCodes: ['GB'] },
    });
  });

  test('counts a credential under one header and the lack of any under the address', () => {
    const { rules } = rulesOf();

    expect(rules.get('rate-per-credential-x-api-key').Statement.RateBasedStatement).toMatchObject({
      AggregateKeyType: 'CUSTOM_KEYS',
      CustomKeys: [{ Header: { Name: 'x-api-key' } }],
    });
    expect(rules.get('rate-without-credential').Statement.RateBasedStatement.AggregateKeyType).toBe('IP');
  });

  test('finds operations behind the stage and behind base paths', () => {
    const { rules } = rulesOf({
      pathPrefixes: ['/prod', '/v1'],
      restrictions: [{ method: 'DELETE', path: '/orders/{orderId}', networks: 'office' }],
      networks: { office: ['192.0.2.0/24'] },
    });
    const text = JSON.stringify(rules.get('operation-only-from-office'));

    expect(text).toContain(JSON.stringify('^(/prod|/v1)?(/orders/[^/]+)/*$'));
    expect(text).toContain('NORMALIZE_PATH');
  });

  test('is given as much of a body as its largest class', () => {
    const { properties, rules } = rulesOf({
      bodySizes: [{ method: 'POST', path: '/files', size: BodySize.KB_64 }],
      uninspected: [{ method: 'PUT', path: '/films' }],
    });

    expect(properties.AssociationConfig.RequestBody.API_GATEWAY.DefaultSizeInspectionLimit).toBe('KB_64');
    expect([...rules.keys()].filter((name) => name.startsWith('body-size'))).toEqual([
      'body-size-16',
      'body-size-32',
      'body-size-64',
    ]);
    expect(rules.get('body-size-64').Action.Block.CustomResponse.ResponseCode).toBe(413);
  });

  test('refuses undeclared media types', () => {
    const { rules } = rulesOf({ mediaTypes: ['application/json'] });

    expect(rules.get('media-type').Action.Block.CustomResponse.ResponseCode).toBe(415);
    expect(rules.has('xml-entities')).toBe(false);
    expect(rulesOf({ mediaTypes: ['application/soap+xml'] }).rules.has('xml-entities')).toBe(true);
  });

  test('overrides the body rule of the common set, for which it has its own', () => {
    expect(
      rulesOf().rules.get('common').Statement.ManagedRuleGroupStatement.RuleActionOverrides,
    ).toContainEqual({ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } });
  });

  test('detects injection itself where asked to', () => {
    const { names, acl } = rulesOf({ injection: InjectionDetection.OWN });

    expect(names).toEqual(expect.arrayContaining(['own-sql-injection', 'own-cross-site-scripting']));
    expect(names).not.toContain('sql-injection');
    expect(acl.capacity).toBeLessThanOrEqual(1_800);
  });

  test('only counts when observing', () => {
    const { rules } = rulesOf({ observe: true, deny: ['192.0.2.7'] });

    for (const rule of rules.values()) {
      expect(rule.Action ?? rule.OverrideAction).toEqual({ Count: {} });
    }
  });

  test('counts the rules that are named, and refuses by the others', () => {
    const { rules } = rulesOf({ count: [EdgeRule.TRAVERSAL, EdgeRule.COMMON] });

    expect(rules.get('traversal').Action).toEqual({ Count: {} });
    expect(rules.get('common').OverrideAction).toEqual({ Count: {} });
    expect(rules.get('nosql-operators').Action).toEqual({ Block: {} });
  });

  test('pins versions of managed groups', () => {
    const { rules } = rulesOf({ managedRules: [ManagedRules.common({ version: 'Version_1.18' })] });

    expect(rules.get('common').Statement.ManagedRuleGroupStatement.Version).toBe('Version_1.18');
  });

  test('is associated with a stage by reference', () => {
    const stack = stackOf();
    const api = new RestApi(stack, 'Api');
    api.root.addMethod('GET', new MockIntegration());

    const { association } = new WebAcl(stack, 'Acl', { stage: api.deploymentStage });

    const { resourceArn } = stack.resolve({ resourceArn: association?.resourceArn });
    expect(JSON.stringify(resourceArn)).toContain(
      JSON.stringify({ Ref: stack.resolve(api.deploymentStage.stageName).Ref }),
    );
  });

  test('attaches a web ACL from elsewhere', () => {
    const stack = stackOf();
    const api = new RestApi(stack, 'Api');
    api.root.addMethod('GET', new MockIntegration());

    WebAcl.fromWebAclArn(stack, 'Central', 'arn:aws:wafv2:x').associate(api.deploymentStage);

    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::WAFv2::WebACL', 0);
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', { WebACLArn: 'arn:aws:wafv2:x' });
  });
});
