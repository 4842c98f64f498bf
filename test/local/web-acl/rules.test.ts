import fc from '../../fixtures/property';
import { aclOf, type Rule, requestOf } from './acl';
import { ALWAYS, NEVER, regex, size } from './statements';

describe('web ACL rules', () => {
  test('run in the order of their priorities, whatever their order in the template', () => {
    const acl = aclOf([
      { Name: 'second', Priority: 20, Statement: ALWAYS },
      { Name: 'first', Priority: 10, Statement: ALWAYS },
    ]);

    expect(acl.evaluate(requestOf()).rule).toBe('first');
  });

  test('end with the default action where none decides', () => {
    const acl = aclOf([{ Statement: NEVER }], { acl: { DefaultAction: { Block: {} } } });

    expect(acl.evaluate(requestOf())).toMatchObject({ action: 'block', stage: 'firewall' });
    expect(acl.evaluate(requestOf()).rule).toBeUndefined();
  });

  test('go on after counting, and end with an allow', () => {
    const acl = aclOf([
      { Name: 'count', Action: { Count: {} }, Statement: ALWAYS },
      { Name: 'allow', Action: { Allow: {} }, Statement: ALWAYS },
      { Name: 'block', Statement: ALWAYS },
    ]);

    expect(acl.evaluate(requestOf())).toMatchObject({ action: 'allow', rule: 'allow', counted: ['count'] });
  });

  test('answer as they are told to', () => {
    const acl = aclOf(
      [
        {
          Action: {
            Block: {
              CustomResponse: {
                ResponseCode: 413,
                CustomResponseBodyKey: 'large',
                ResponseHeaders: [{ Name: 'Retry-After', Value: '60' }],
              },
            },
          },
          Statement: ALWAYS,
        },
      ],
      { acl: { CustomResponseBodies: { large: { ContentType: 'APPLICATION_JSON', Content: '{"a":1}' } } } },
    );

    expect(acl.evaluate(requestOf()).response).toEqual({
      status: 413,
      headers: [
        ['Content-Type', 'application/json'],
        ['Retry-After', '60'],
      ],
      body: '{"a":1}',
    });
  });

  test.each([
    ['Captcha', 405],
    ['Challenge', 202],
  ])('answer %s as to a caller who cannot solve it', (action, status) => {
    const acl = aclOf([{ Action: { [action]: {} }, Statement: ALWAYS }]);

    expect(acl.evaluate(requestOf())).toMatchObject({ action: 'block', response: { status } });
  });

  const rate = { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 100 } };
  const countries = (count: number) => ({
    GeoMatchStatement: { CountryCodes: Array.from({ length: count }, (_, index) => `C${index}`) },
  });
  const reference = { IPSetReferenceStatement: { Arn: 'arn:aws:wafv2:eu-west-1:1:regional/ipset/a/b' } };
  const repeated = (Statement: object, times: number) => Array.from({ length: times }, () => ({ Statement }));

  test.each([
    [
      'an expression',
      [{ Statement: regex({ UriPath: {} }, 'a'.repeat(200)) }],
      [{ Statement: regex({ UriPath: {} }, 'a'.repeat(201)) }],
      'at most 200 characters, got 201',
    ],
    ['rates', repeated(rate, 10), repeated(rate, 11), '10 rate rules here, got 11'],
    [
      'references',
      repeated(reference, 50),
      repeated(reference, 51),
      '50 references to sets and groups, got 51',
    ],
    [
      'countries of one rule',
      [{ Statement: countries(50) }, { Statement: countries(50) }],
      [{ Statement: { OrStatement: { Statements: [countries(26), countries(25)] } } }],
      '50 countries in a rule, got 51',
    ],
  ])('are refused beyond the quotas that AWS raises for nobody: %s', (_, taken, refused, message) => {
    expect(() => aclOf(taken)).not.toThrow();
    expect(() => aclOf(refused)).toThrow(message);
  });

  test('are refused in a group beyond its own quota', () => {
    const group = (rates: number) => () =>
      aclOf(
        [
          {
            Statement: { RuleGroupReferenceStatement: { Arn: { 'Fn::GetAtt': ['Group', 'Arn'] } } },
            Action: undefined,
            OverrideAction: { None: {} },
          },
        ],
        {
          resources: {
            Group: { Type: 'AWS::WAFv2::RuleGroup', Properties: { Rules: repeated(rate, rates) } },
          },
        },
      );

    expect(group(4)).not.toThrow();
    expect(group(5)).toThrow('4 rate rules here, got 5');
  });

  test('name what AWS keeps to itself, and do not run it', () => {
    const managed = { VendorName: 'AWS', Name: 'AWSManagedRulesCommonRuleSet', Version: 'Version_1.18' };
    const acl = aclOf([{ OverrideAction: { None: {} }, Statement: { ManagedRuleGroupStatement: managed } }]);

    expect(acl.notRun).toEqual(['managed group AWSManagedRulesCommonRuleSet Version_1.18']);
    expect(acl.evaluate(requestOf())).toMatchObject({ action: 'allow', notEvaluated: acl.notRun });
  });

  test('count what CloudWatch would', () => {
    const acl = aclOf([
      { VisibilityConfig: { MetricName: 'Counted' }, Action: { Count: {} }, Statement: ALWAYS },
      { VisibilityConfig: { MetricName: 'Posts' }, Statement: size({ Body: {} }, 'GT', 0) },
    ]);
    acl.evaluate(requestOf());
    acl.evaluate(requestOf({ body: 'x' }));

    expect(acl.metrics()).toMatchObject({
      ALL: { allowed: 1, blocked: 1 },
      Counted: { counted: 2 },
      Posts: { blocked: 1 },
    });
  });
});

describe('web ACL rule group', () => {
  const group = {
    Group: {
      Type: 'AWS::WAFv2::RuleGroup',
      Properties: {
        Rules: [
          {
            Name: 'marks',
            Priority: 0,
            Action: { Count: {} },
            RuleLabels: [{ Name: 'seen' }],
            Statement: ALWAYS,
          },
          { Name: 'posts', Priority: 1, Action: { Block: {} }, Statement: size({ Body: {} }, 'GT', 0) },
        ],
      },
    },
  };
  const reference = (more: object = {}, rule: object = {}): Rule => ({
    Name: 'group',
    OverrideAction: { None: {} },
    Action: undefined,
    Statement: { RuleGroupReferenceStatement: { Arn: { 'Fn::GetAtt': ['Group', 'Arn'] }, ...more } },
    ...rule,
  });
  const judged = (rule: Rule) => aclOf([rule], { resources: group }).evaluate(requestOf({ body: 'x' }));

  test('decides in the name of its rule, in a namespace of its own', () => {
    expect(judged(reference())).toMatchObject({
      action: 'block',
      rule: 'group/posts',
      counted: ['group/marks'],
      labels: ['awswaf:123456789012:rulegroup:Group:seen'],
    });
  });

  test.each<[string, Rule]>([
    ['one rule of it', reference({ RuleActionOverrides: [{ Name: 'posts', ActionToUse: { Count: {} } }] })],
    ['one rule, the older way', reference({ ExcludedRules: [{ Name: 'posts' }] })],
    ['all of it', reference({}, { OverrideAction: { Count: {} } })],
  ])('only counts where %s is overridden', (_, rule) => {
    expect(judged(rule)).toMatchObject({ action: 'allow', counted: ['group/marks', 'group/posts'] });
  });
});

describe('web ACL under fire', () => {
  const everything = aclOf(
    [
      { UriPath: {} },
      { QueryString: {} },
      { AllQueryArguments: {} },
      { SingleQueryArgument: { Name: 'a' } },
      { SingleHeader: { Name: 'cookie' } },
      { Headers: { MatchPattern: { All: {} }, MatchScope: 'ALL', OversizeHandling: 'CONTINUE' } },
      { Cookies: { MatchPattern: { All: {} }, MatchScope: 'ALL', OversizeHandling: 'CONTINUE' } },
      { HeaderOrder: { OversizeHandling: 'CONTINUE' } },
      { Body: {} },
      { JsonBody: { MatchPattern: { All: {} }, MatchScope: 'ALL' } },
      { JsonBody: { MatchPattern: { IncludedPaths: ['/a/0'] }, MatchScope: 'ALL' } },
    ].flatMap((FieldToMatch) => {
      const inspected = {
        FieldToMatch,
        TextTransformations: ['URL_DECODE', 'HTML_ENTITY_DECODE', 'JS_DECODE', 'NORMALIZE_PATH'].map(
          (Type, Priority) => ({ Type, Priority }),
        ),
      };
      return [
        { RegexMatchStatement: { RegexString: '(([a-z]+)*[0-9]?)*!$', ...inspected } },
        { SqliMatchStatement: inspected },
        { XssMatchStatement: inspected },
      ].map((Statement) => ({ Action: { Count: {} }, Statement }));
    }),
    { logging: {} },
  );

  test('is crashed by no request', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(
        fc.record({
          method: text,
          path: text,
          rawQuery: text,
          sourceIp: fc.oneof(fc.ipV4(), fc.ipV6(), text),
          headers: fc.array(fc.tuple(fc.oneof(text, fc.constantFrom('Cookie', 'X-Forwarded-For')), text)),
          body: fc.oneof(
            fc.json(),
            text,
            fc.stringMatching(/^(1'? (or|and|union select) |<[a-z]+ on[a-z]+=|'--)/),
          ),
        }),
        (request) => {
          expect(everything.evaluate(requestOf(request)).action).toBe('allow');
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test.each([
    [
      'an expression that would backtrack',
      { path: `/${'a'.repeat(16_000)}!b`, body: `${'a'.repeat(16_000)}!b` },
    ],
    ['JSON nested as deep as it is long', { body: '['.repeat(8_000) + ']'.repeat(8_000) }],
    ['JSON objects nested deep', { body: `${'{"a":'.repeat(2_600)}1${'}'.repeat(2_600)}` }],
    ['very many arguments', { rawQuery: 'a=1&'.repeat(20_000) }],
    ['very many cookies', { headers: [['Cookie', 'a=1; '.repeat(20_000)] as const] }],
  ])('is not stalled by %s', (_, request) => {
    const started = process.hrtime.bigint();
    everything.evaluate(requestOf(request));

    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(5_000);
  });
});
