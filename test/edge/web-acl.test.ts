import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  BodySize,
  Countries,
  EdgeRule,
  InjectionDetection,
  ManagedRules,
  Rate,
  WebAcl,
  type WebAclProps,
} from '../../lib';
import { GatewayConfigurationError } from '../../lib/errors';

const stackOf = () =>
  new Stack(new App({ builtinCloudFormationValidation: false }), 'Stack', { env: { region: 'eu-west-1' } });

/** Rules of the template by name, in the order of their priority. */
function rulesOf(props: WebAclProps = {}) {
  const stack = stackOf();
  const acl = new WebAcl(stack, 'Acl', props);
  const template = Template.fromStack(stack);
  const [resource] = Object.values(template.findResources('AWS::WAFv2::WebACL'));
  const properties = resource!['Properties'];
  // biome-ignore lint/suspicious/noExplicitAny: templates have no types
  const rules = new Map<string, any>(properties.Rules.map((rule: { Name: string }) => [rule.Name, rule]));

  return { acl, template, properties, rules, names: [...rules.keys()] };
}

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
    expect(rulesOf().rules.get('reserved-headers').Statement.RegexMatchStatement).toMatchObject({
      FieldToMatch: { Headers: { MatchScope: 'KEY', OversizeHandling: 'MATCH', MatchPattern: { All: {} } } },
      RegexString:
        '^(x[^a-z0-9]user[^a-z0-9]id|x[^a-z0-9]user[^a-z0-9]roles|x[^a-z0-9]user[^a-z0-9]scopes|x[^a-z0-9]tenant[^a-z0-9]id|x[^a-z0-9]client[^a-z0-9]id)$',
      TextTransformations: [{ Priority: 0, Type: 'LOWERCASE' }],
    });
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

  test('takes no samples, which would show what the log hides', () => {
    const { properties, rules } = rulesOf();
    const configs = [properties, ...rules.values()].map(({ VisibilityConfig }) => VisibilityConfig);

    expect(configs.every(({ SampledRequestsEnabled }) => SampledRequestsEnabled === false)).toBe(true);
  });

  test('hides credentials, cookies and redacted arguments in the log', () => {
    const { properties } = rulesOf({
      credentialHeaders: ['Authorization', 'X-Partner-Key'],
      redaction: { cookies: ['session'], queryArguments: ['ssn'] },
    });

    expect(properties.DataProtectionConfig.DataProtections).toEqual([
      {
        Action: 'SUBSTITUTION',
        Field: {
          FieldType: 'SINGLE_HEADER',
          FieldKeys: [
            'authorization',
            'cookie',
            'proxy-authorization',
            'x-access-token',
            'x-amz-security-token',
            'x-api-key',
            'x-auth-token',
            'x-partner-key',
          ],
        },
      },
      { Action: 'SUBSTITUTION', Field: { FieldType: 'SINGLE_COOKIE', FieldKeys: ['session'] } },
      {
        Action: 'SUBSTITUTION',
        Field: {
          FieldType: 'SINGLE_QUERY_ARGUMENT',
          FieldKeys: expect.arrayContaining(['access_token', 'client_secret', 'password', 'ssn']),
        },
      },
    ]);
  });

  test('names a query argument once, in whatever case it is redacted', () => {
    const { properties } = rulesOf({ redaction: { queryArguments: ['Access_Token'] } });
    const [, argument] = properties.DataProtectionConfig.DataProtections;

    expect(argument.Field.FieldKeys.map((name: string) => name.toLowerCase())).toEqual([
      ...new Set(argument.Field.FieldKeys),
    ]);
    expect(argument.Field.FieldKeys.length).toBeLessThanOrEqual(100);
  });

  test('has paths in the log, unless they are to be redacted', () => {
    const fieldsOf = (props: WebAclProps) =>
      Object.values(rulesOf(props).template.findResources('AWS::WAFv2::LoggingConfiguration'))[0]?.[
        'Properties'
      ].RedactedFields;

    expect(fieldsOf({ redaction: { path: true } })).toContainEqual({ UriPath: {} });
    expect(fieldsOf({})).not.toContainEqual({ UriPath: {} });
  });

  test('writes what the L1 does not convert in the case CloudFormation reads', () => {
    const { template } = rulesOf();

    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      RedactedFields: Match.arrayWith([{ SingleHeader: { Name: 'authorization' } }]),
      LoggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          Match.objectLike({
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: Match.arrayWith([{ ActionCondition: { Action: 'BLOCK' } }]),
          }),
        ],
      },
    });
    expect(JSON.stringify(template.toJSON())).not.toMatch(/"(name|singleHeader|defaultBehavior|filters)":/);
  });

  test('logs to a group of the name AWS demands, of this stack and of no later one, kept for three months', () => {
    rulesOf().template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: {
        'Fn::Join': [
          '',
          [
            Match.stringLikeRegexp('^aws-waf-logs-'),
            { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] },
          ],
        ],
      },
      RetentionInDays: 90,
    });
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

  test.each<[string, WebAclProps, string]>([
    ['a network is none', { deny: ['10.0.0.0/33'] }, 'INVALID_NETWORK'],
    ['a network is everyone', { deny: ['0.0.0.0/0'] }, 'INVALID_NETWORK'],
    ['a network of IPv6 is everyone', { onlyFrom: ['::/0'] }, 'INVALID_NETWORK'],
    ['a network is of IPv4 as IPv6 writes it', { deny: ['::ffff:102:304'] }, 'INVALID_NETWORK'],
    ['a network has a zone', { deny: ['fe80::1%eth0'] }, 'INVALID_NETWORK'],
    ['nobody may call', { onlyFrom: [] }, 'NOBODY_ADMITTED'],
    [
      'all may call, in parts',
      { onlyFrom: ['128.0.0.0/1', '0.0.0.0/1', '2000::/3', '192.0.2.0/24'] },
      'EVERYBODY_ADMITTED',
    ],
    [
      'everyone is exempt, in two halves',
      { exempt: [{ networks: ['0.0.0.0/1', '128.0.0.0/1'], rules: [EdgeRule.COMMON] }] },
      'EVERYBODY_EXEMPT',
    ],
    [
      'everyone is exempt, by two exemptions',
      {
        exempt: [
          { networks: ['0.0.0.0/2', '128.0.0.0/2'], rules: [EdgeRule.COMMON, EdgeRule.DENY] },
          { networks: ['64.0.0.0/2', '192.0.0.0/3'], rules: [EdgeRule.COMMON] },
        ],
      },
      'EVERYBODY_EXEMPT',
    ],
    [
      'everyone is exempt over IPv6',
      { exempt: [{ networks: ['2000::/3'], rules: [EdgeRule.COMMON] }] },
      'EVERYBODY_EXEMPT',
    ],
    ['a rate is on no path', { rates: [Rate.onPath('login', 10)] }, 'INVALID_PATH'],
    ['a rate is on a pattern', { rates: [Rate.onPath('/login/*', 10)] }, 'INVALID_PATH'],
    ['a login has a query', { loginOperations: [{ path: '/login?a=1' }] }, 'INVALID_PATH'],
    ['a prefix has no slash in front', { pathPrefixes: ['prod'] }, 'INVALID_PATH_PREFIX'],
    ['a prefix has one behind', { pathPrefixes: ['/prod/'] }, 'INVALID_PATH_PREFIX'],
    ['a set is used by nothing', { networks: { office: ['192.0.2.0/24'] } }, 'UNUSED_NETWORKS'],
    ['a country is no code', { countries: Countries.only('UK ') }, 'INVALID_COUNTRIES'],
    ['an ASN is no number', { refusedAsns: [1.5] }, 'INVALID_ASNS'],
    ['a rate is below what AWS takes', { rates: [Rate.perAddress(9)] }, 'INVALID_RATE'],
    ['a window is none AWS has', { rates: [Rate.perAddress(100, Duration.minutes(3))] }, 'INVALID_RATE'],
    ['a rate is given twice', { rates: [Rate.perAddress(100), Rate.perAddress(200)] }, 'REPEATED_RATE'],
    [
      'someone would be exempt from the floor',
      { exempt: [{ networks: ['192.0.2.1'], rules: [EdgeRule.RATE_PER_ADDRESS] }] },
      'NOT_EXEMPTIBLE',
    ],
    ['an exemption is empty', { exempt: [{ networks: [], rules: [EdgeRule.COMMON] }] }, 'EMPTY_EXEMPTION'],
    ['a set is not defined', { restrictions: [{ path: '/a', networks: 'office' }] }, 'UNKNOWN_NETWORKS'],
    [
      'a version is pinned where there are none',
      { managedRules: [ManagedRules.ipReputation({ version: 'Version_1.0' })] },
      'UNVERSIONED_RULES',
    ],
    [
      'a path is too long for AWS',
      { loginOperations: [{ path: `/${'a'.repeat(600)}` }] },
      'EXPRESSION_TOO_LONG',
    ],
    [
      'the rules are too many for AWS',
      {
        rates: Array.from({ length: 120 }, (_, index) =>
          Rate.onPath(`/p${index}`, 100, undefined, { byHeader: 'x-key' }),
        ),
      },
      'WEB_ACL_TOO_LARGE',
    ],
  ])('fails when %s', (_, props, code) => {
    expect(() => rulesOf(props)).toThrow(GatewayConfigurationError);
    expect(() => rulesOf(props)).toThrow(`[${code}]`);
  });

  test('fails when the log group has a name AWS does not take', () => {
    const stack = stackOf();
    const logGroup = LogGroup.fromLogGroupName(stack, 'Log', 'waf');

    expect(() => new WebAcl(stack, 'Acl', { logGroup })).toThrow('[LOG_GROUP_NAME]');
  });

  test.each<WebAclProps>([
    { exempt: [{ networks: ['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/4'], rules: [EdgeRule.COMMON] }] },
    {
      exempt: [
        { networks: ['0.0.0.0/1'], rules: [EdgeRule.COMMON] },
        { networks: ['128.0.0.0/1'], rules: [EdgeRule.DENY] },
      ],
    },
    { onlyFrom: ['0.0.0.0/1', '128.0.0.0/1'] },
  ])('takes networks that leave someone out: %j', (props) => {
    expect(rulesOf(props).names.length).toBeGreaterThan(1);
  });

  test('reports everything that is wrong at once', () => {
    expect(() => rulesOf({ deny: ['x'], refusedAsns: [-1] })).toThrow(/INVALID_NETWORK[\s\S]*INVALID_ASNS/);
  });
});
