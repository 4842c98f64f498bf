import { aclOf, NONE, type Rule, requestOf } from './acl';
import { ALWAYS, NEVER, size } from './statements';

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
