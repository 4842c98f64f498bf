import { aclOf, NONE, type Rule, requestOf } from './acl';
import { ALWAYS, lineOf, type Request } from './logged';

describe('rates in a web ACL log', () => {
  const rate = (more: object): Rule => ({
    Name: 'RateBasedRule',
    Statement: { RateBasedStatement: { Limit: 10, EvaluationWindowSec: 120, ...more } },
  });
  const custom = (...CustomKeys: object[]) => rate({ AggregateKeyType: 'CUSTOM_KEYS', CustomKeys });
  const header = (Name: string) => ({ Header: { Name, TextTransformations: NONE } });
  /** The line of the eleventh request. */
  const eleventh = (rule: Rule, request: Request, options: Parameters<typeof aclOf>[1] = {}) => {
    const acl = aclOf([rule], { logging: {}, ...options });
    for (let count = 0; count < 10; count += 1) acl.evaluate(requestOf(request));
    return acl.evaluate(requestOf(request)).logLine;
  };

  test.each<[string, Rule, Request, object]>([
    ['an address', rate({ AggregateKeyType: 'IP' }), {}, { limitKey: 'IP', limitValue: '192.0.2.7' }],
    [
      'a forwarded address',
      rate({
        AggregateKeyType: 'FORWARDED_IP',
        ForwardedIPConfig: { HeaderName: 'X-Forwarded-For', FallbackBehavior: 'NO_MATCH' },
      }),
      { headers: [['x-forwarded-for', '2001:DB8:0::1, 1.1.1.1']] },
      { limitKey: 'FORWARDED_IP', limitValue: '2001:db8::1' },
    ],
    [
      'everyone',
      rate({ AggregateKeyType: 'CONSTANT', ScopeDownStatement: ALWAYS }),
      {},
      { limitKey: 'CONSTANT' },
    ],
    [
      'a header, of which 32 characters are shown',
      custom(header('dogname')),
      { headers: [['dogname', 'ella'.repeat(20)]] },
      {
        limitKey: 'CUSTOMKEYS',
        customValues: [{ key: 'HEADER', name: 'dogname', value: 'ella'.repeat(8) }],
      },
    ],
    [
      'several keys',
      custom({ IP: {} }, { HTTPMethod: {} }, { UriPath: { TextTransformations: NONE } }),
      {},
      {
        limitKey: 'CUSTOMKEYS',
        customValues: [
          { key: 'IP', value: '192.0.2.7' },
          { key: 'HTTP_METHOD', value: 'GET' },
          { key: 'URI_PATH', value: '/prod/orders' },
        ],
      },
    ],
  ])('tell the key: %s', (_, rule, request, told) => {
    const line = eleventh(rule, request);

    expect(line).toMatchObject({ terminatingRuleId: 'RateBasedRule', terminatingRuleType: 'RATE_BASED' });
    expect(line?.['rateBasedRuleList']).toEqual([
      {
        rateBasedRuleId: expect.any(String),
        rateBasedRuleName: 'RateBasedRule',
        maxRateAllowed: 10,
        evaluationWindowSec: '120',
        ...told,
      },
    ]);
  });

  test('are not told where they were not exceeded', () => {
    expect(lineOf([rate({ AggregateKeyType: 'IP' })])).toMatchObject({ rateBasedRuleList: [] });
  });

  test('match by their fallback where a header holds no address, and not where there is none', () => {
    const by = (FallbackBehavior: string, headers: NonNullable<Request>['headers'] = []) =>
      lineOf(
        [
          rate({
            AggregateKeyType: 'FORWARDED_IP',
            ForwardedIPConfig: { HeaderName: 'X-Forwarded-For', FallbackBehavior },
          }),
        ],
        { headers },
      );
    const nonsense = [['X-Forwarded-For', 'nonsense']] as const;

    expect(by('MATCH', nonsense)).toMatchObject({
      action: 'BLOCK',
      rateBasedRuleList: [{ limitKey: 'FORWARDED_IP', limitValue: 'INVALID' }],
    });
    expect(by('NO_MATCH', nonsense)).toMatchObject({ action: 'ALLOW' });
    expect(by('MATCH')).toMatchObject({ action: 'ALLOW' });
  });

  test.each<[string, object, RegExp]>([
    ['substituted', { Action: 'SUBSTITUTION' }, /^REDACTED$/],
    ['hashed', { Action: 'HASH' }, /^[\w+/]{43}=$/],
    ['shown, where rates are excluded', { Action: 'HASH', ExcludeRateBasedDetails: true }, /^secret$/],
  ])('have a protected value %s', (_, action, shown) => {
    const Field = { FieldType: 'SINGLE_HEADER', FieldKeys: ['X-Api-Key'] };
    const line = eleventh(
      custom(header('x-api-key')),
      { headers: [['X-API-Key', 'secret']] },
      { acl: { DataProtectionConfig: { DataProtections: [{ ...action, Field }] } } },
    );

    expect(line).toMatchObject({
      rateBasedRuleList: [{ customValues: [{ name: 'x-api-key', value: expect.stringMatching(shown) }] }],
    });
    expect(JSON.stringify(line?.['httpRequest'])).not.toContain('secret');
  });
});
