import fc from '../../fixtures/property';
import { aclOf, NONE, type Rule, requestOf } from './acl';

const size = (Field: object, ComparisonOperator: string, Size: number) => ({
  SizeConstraintStatement: { FieldToMatch: Field, ComparisonOperator, Size, TextTransformations: NONE },
});
const ALWAYS = size({ UriPath: {} }, 'GE', 0);
const NEVER = size({ UriPath: {} }, 'LT', 0);
const has = (name: string) => size({ SingleHeader: { Name: name } }, 'GT', 0);

const rate = (more: object): Rule => ({
  Statement: { RateBasedStatement: { Limit: 10, EvaluationWindowSec: 60, ...more } },
});
const header = (Name: string) => ({
  Header: { Name, TextTransformations: [{ Priority: 0, Type: 'LOWERCASE' }] },
});

/** How many of `count` requests, made at once, are let through. */
function admitted(
  rule: Rule,
  request: (index: number) => Parameters<typeof requestOf>[0],
  count = 20,
): number {
  const acl = aclOf([rule]);

  return Array.from({ length: count }, (_, index) => acl.evaluate(requestOf(request(index))).action).filter(
    (action) => action === 'allow',
  ).length;
}

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

describe('web ACL rate', () => {
  test('counts by address', () => {
    expect(admitted(rate({ AggregateKeyType: 'IP' }), () => ({}))).toBe(10);
    expect(admitted(rate({ AggregateKeyType: 'IP' }), (index) => ({ sourceIp: `192.0.2.${index}` }))).toBe(
      20,
    );
  });

  test('answers as a stage of its own', () => {
    const acl = aclOf([rate({ AggregateKeyType: 'IP' })]);
    for (let count = 0; count < 10; count += 1) acl.evaluate(requestOf());

    expect(acl.evaluate(requestOf())).toMatchObject({ action: 'block', stage: 'rate' });
  });

  test('counts all callers together by a constant', () => {
    const rule = rate({ AggregateKeyType: 'CONSTANT', ScopeDownStatement: ALWAYS });

    expect(admitted(rule, (index) => ({ sourceIp: `192.0.2.${index}` }))).toBe(10);
  });

  test('counts by the forwarded address, and not at all without one', () => {
    const rule = rate({
      AggregateKeyType: 'FORWARDED_IP',
      ForwardedIPConfig: { HeaderName: 'X-Forwarded-For', FallbackBehavior: 'MATCH' },
    });

    expect(admitted(rule, () => ({ headers: [['X-Forwarded-For', '192.0.2.1']] }))).toBe(10);
    expect(admitted(rule, () => ({}))).toBe(20);
  });

  test.each<[string, object, Parameters<typeof requestOf>[0]]>([
    ['a header', header('x-key'), { headers: [['X-Key', 'A']] }],
    ['a cookie', { Cookie: { Name: 's', TextTransformations: NONE } }, { headers: [['Cookie', 's=1']] }],
    ['a query argument', { QueryArgument: { Name: 'q', TextTransformations: NONE } }, { rawQuery: 'q=1' }],
    ['the query', { QueryString: { TextTransformations: NONE } }, { rawQuery: 'q=1' }],
  ])('counts by %s, and does not count requests without it', (_, key, request) => {
    const rule = rate({ AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: [key] });

    expect(admitted(rule, () => request)).toBe(10);
    expect(admitted(rule, () => ({}))).toBe(20);
  });

  test.each<[string, object]>([
    ['the method', { HTTPMethod: {} }],
    ['the path', { UriPath: { TextTransformations: NONE } }],
  ])('counts by %s', (_, key) => {
    const rule = rate({ AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: [key, { IP: {} }] });

    expect(admitted(rule, () => ({}))).toBe(10);
    expect(admitted(rule, (index) => ({ path: `/${index}`, method: `M${index}` }))).toBe(20);
  });

  test('counts by labels of a namespace, and does not count requests without one', () => {
    const labelled = (Statement: object) =>
      aclOf([
        { Action: { Count: {} }, RuleLabels: [{ Name: 'tier:free' }], Statement },
        rate({ AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: [{ LabelNamespace: { Namespace: 'tier:' } }] }),
      ]);
    const [free, none] = [labelled(ALWAYS), labelled(NEVER)];
    for (let count = 0; count < 10; count += 1) {
      free.evaluate(requestOf());
      none.evaluate(requestOf());
    }

    expect(free.evaluate(requestOf()).action).toBe('block');
    expect(none.evaluate(requestOf()).action).toBe('allow');
  });

  test('counts by no label whose namespace only ends alike', () => {
    const acl = aclOf([
      { Action: { Count: {} }, RuleLabels: [{ Name: 'frontier:free' }], Statement: ALWAYS },
      rate({ AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: [{ LabelNamespace: { Namespace: 'tier:' } }] }),
    ]);
    for (let count = 0; count < 10; count += 1) acl.evaluate(requestOf());

    expect(acl.evaluate(requestOf()).action).toBe('allow');
  });

  test('transforms a key before it counts', () => {
    const rule = rate({ AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: [header('x-key')] });

    expect(admitted(rule, (index) => ({ headers: [['x-key', index % 2 ? 'a' : 'A']] }))).toBe(10);
  });

  test('counts within its scope only', () => {
    const rule = rate({ AggregateKeyType: 'IP', ScopeDownStatement: has('x-key') });

    expect(admitted(rule, () => ({ headers: [['x-key', '1']] }))).toBe(10);
    expect(admitted(rule, () => ({}))).toBe(20);
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

describe('web ACL log', () => {
  const hidden = {
    DataProtectionConfig: {
      DataProtections: [
        { Action: 'SUBSTITUTION', Field: { FieldType: 'SINGLE_HEADER', FieldKeys: ['authorization'] } },
        { Action: 'SUBSTITUTION', Field: { FieldType: 'SINGLE_COOKIE', FieldKeys: ['session'] } },
        { Action: 'HASH', Field: { FieldType: 'SINGLE_QUERY_ARGUMENT', FieldKeys: ['ssn'] } },
      ],
    },
  };
  const request = requestOf({
    rawQuery: 'a=1&ssn=078-05-1120',
    headers: [
      ['Authorization', 'Bearer secret'],
      ['X-Api-Key', 'secret'],
      ['Cookie', 'a=1; session=secret'],
    ],
  });

  test('has the fields of AWS and shows no secret', () => {
    const acl = aclOf([{ Name: 'all', Statement: ALWAYS }], {
      acl: hidden,
      logging: { RedactedFields: [{ SingleHeader: { Name: 'x-api-key' } }] },
      now: () => 1_700_000_000_000,
    });
    const { logLine } = acl.evaluate(request);

    expect(logLine).toMatchObject({
      timestamp: 1_700_000_000_000,
      formatVersion: 1,
      webaclId: acl.arn,
      terminatingRuleId: 'all',
      terminatingRuleType: 'REGULAR',
      action: 'BLOCK',
      httpSourceName: 'APIGW',
      httpSourceId: '123456789012:api:prod',
      nonTerminatingMatchingRules: [],
      httpRequest: { clientIp: '192.0.2.7', uri: '/prod/orders', httpMethod: 'GET' },
    });
    expect(JSON.stringify(logLine)).not.toMatch(/secret|078-05/);
    expect(logLine).toMatchObject({
      httpRequest: {
        headers: [
          { name: 'Authorization', value: 'REDACTED' },
          { name: 'X-Api-Key', value: 'REDACTED' },
          { name: 'Cookie', value: 'a=1; session=REDACTED' },
        ],
      },
    });
  });

  test('is filtered as configured', () => {
    const LoggingFilter = {
      DefaultBehavior: 'DROP',
      Filters: [
        {
          Behavior: 'KEEP',
          Requirement: 'MEETS_ANY',
          Conditions: [{ ActionCondition: { Action: 'BLOCK' } }, { ActionCondition: { Action: 'COUNT' } }],
        },
      ],
    };
    const logged = (rule: Rule) => aclOf([rule], { logging: { LoggingFilter } }).evaluate(request).logLine;

    expect(logged({ Statement: ALWAYS })).toBeDefined();
    expect(logged({ Statement: ALWAYS, Action: { Count: {} } })).toBeDefined();
    expect(logged({ Statement: NEVER })).toBeUndefined();
  });

  test('is not written where there is no log', () => {
    expect(aclOf([{ Statement: ALWAYS }]).evaluate(request).logLine).toBeUndefined();
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
