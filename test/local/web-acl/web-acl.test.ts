import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayConfigurationError } from '../../../lib/errors';
import type { HeaderList } from '../../../lib/local/pipeline/header-list';
import { loadDetectors } from '../../../lib/local/web-acl/injection';
import { aclOf, NONE, type Rule, requestOf } from './acl';

const geo = join(__dirname, '../../../../shared/geo/GeoIP2-Country-Test.mmdb');
const withGeo = existsSync(geo) ? test : test.skip;
const withDetectors = loadDetectors() ? test : test.skip;

type Request = Parameters<typeof requestOf>[0];

const ipSet = (id: string, ...Addresses: string[]) => ({
  [id]: { Type: 'AWS::WAFv2::IPSet', Properties: { Addresses } },
});
const inSet = (id: string, more = {}) => ({
  IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': [id, 'Arn'] }, ...more },
});
const bytes = (
  FieldToMatch: object,
  SearchString: string,
  PositionalConstraint = 'CONTAINS',
  Type = 'NONE',
) => ({
  ByteMatchStatement: {
    FieldToMatch,
    SearchString,
    PositionalConstraint,
    TextTransformations: [{ Priority: 0, Type }],
  },
});
const size = (FieldToMatch: object, ComparisonOperator: string, Size: number) => ({
  SizeConstraintStatement: { FieldToMatch, ComparisonOperator, Size, TextTransformations: NONE },
});
const regex = (FieldToMatch: object, RegexString: string) => ({
  RegexMatchStatement: { FieldToMatch, RegexString, TextTransformations: NONE },
});
const headers = (MatchScope: string, MatchPattern: object = { All: {} }, OversizeHandling = 'CONTINUE') => ({
  Headers: { MatchScope, MatchPattern, OversizeHandling },
});
const json = (more: object = {}) => ({
  JsonBody: { MatchPattern: { All: {} }, MatchScope: 'ALL', InvalidFallbackBehavior: 'NO_MATCH', ...more },
});
const forwarded = (FallbackBehavior: string, Position: string) => ({
  IPSetForwardedIPConfig: { HeaderName: 'X-Forwarded-For', FallbackBehavior, Position },
});
const xff = (value: string): Request => ({ headers: [['x-forwarded-for', value]] });
const many: HeaderList = Array.from({ length: 201 }, (_, index) => [`x-${index}`, '1'] as const);

const LISTS = ipSet('List', '192.0.2.0/24', '2001:db8::/32');
const AT = size({ UriPath: {} }, 'GE', 0);
const NEVER = size({ UriPath: {} }, 'LT', 0);

/**
 * Statement × behaviour. Certainty: D as AWS documents it, O as observed by others, C our cautious choice where
 * neither says.
 */
const BEHAVIOUR: readonly [
  certainty: 'D' | 'O' | 'C',
  says: string,
  statement: object,
  Request,
  matches: boolean,
][] = [
  ['D', 'an IPv4 address in a set', inSet('List'), {}, true],
  ['D', 'an IPv4 address outside of it', inSet('List'), { sourceIp: '198.51.100.1' }, false],
  ['D', 'an IPv6 address in a set', inSet('List'), { sourceIp: '2001:db8::1' }, true],
  ['D', 'an IPv6 address outside of it', inSet('List'), { sourceIp: '2001:db9::1' }, false],
  [
    'D',
    'the first forwarded address',
    inSet('List', forwarded('NO_MATCH', 'FIRST')),
    xff('192.0.2.1, 1.1.1.1'),
    true,
  ],
  [
    'D',
    'not the second one when the first is asked for',
    inSet('List', forwarded('NO_MATCH', 'FIRST')),
    xff('1.1.1.1, 192.0.2.1'),
    false,
  ],
  [
    'D',
    'the last forwarded address',
    inSet('List', forwarded('NO_MATCH', 'LAST')),
    xff('1.1.1.1, 192.0.2.1'),
    true,
  ],
  [
    'D',
    'any forwarded address',
    inSet('List', forwarded('NO_MATCH', 'ANY')),
    xff('1.1.1.1, 192.0.2.1, 1.1.1.2'),
    true,
  ],
  [
    'D',
    'the fallback where the header holds no address',
    inSet('List', forwarded('MATCH', 'FIRST')),
    xff('nonsense'),
    true,
  ],
  ['D', 'no match by that fallback', inSet('List', forwarded('NO_MATCH', 'FIRST')), xff('nonsense'), false],
  [
    'D',
    'nothing where the header is missing, whatever the fallback',
    inSet('List', forwarded('MATCH', 'FIRST')),
    {},
    false,
  ],

  ['D', 'exact bytes', bytes({ Method: {} }, 'GET', 'EXACTLY'), {}, true],
  ['D', 'not more than exact bytes', bytes({ Method: {} }, 'GE', 'EXACTLY'), {}, false],
  ['D', 'bytes at the start', bytes({ UriPath: {} }, '/prod', 'STARTS_WITH'), {}, true],
  ['D', 'bytes at the end', bytes({ UriPath: {} }, 'orders', 'ENDS_WITH'), {}, true],
  [
    'D',
    'a word by itself',
    bytes({ QueryString: {} }, 'bad', 'CONTAINS_WORD'),
    { rawQuery: 'a=bad&c' },
    true,
  ],
  [
    'D',
    'not a word within another',
    bytes({ QueryString: {} }, 'bad', 'CONTAINS_WORD'),
    { rawQuery: 'a=badly_bad' },
    false,
  ],
  [
    'D',
    'bytes given in Base64',
    {
      ByteMatchStatement: {
        FieldToMatch: { UriPath: {} },
        SearchStringBase64: 'cHJvZA==',
        PositionalConstraint: 'CONTAINS',
        TextTransformations: NONE,
      },
    },
    {},
    true,
  ],
  ['D', 'case, unless transformed', bytes({ UriPath: {} }, 'ORDERS'), {}, false],
  [
    'D',
    'a transformed field',
    bytes({ UriPath: {} }, '/../', 'CONTAINS', 'URL_DECODE'),
    { path: '/prod/%2e%2e/x' },
    true,
  ],
  [
    'D',
    'a header by any spelling of its name',
    bytes({ SingleHeader: { Name: 'user-AGENT' } }, 'curl'),
    { headers: [['User-Agent', 'curl/8']] },
    true,
  ],
  [
    'C',
    'each of a repeated header',
    bytes({ SingleHeader: { Name: 'a' } }, 'two', 'EXACTLY'),
    {
      headers: [
        ['a', 'one'],
        ['A', 'two'],
      ],
    },
    true,
  ],
  [
    'D',
    'a query argument by any spelling',
    bytes({ SingleQueryArgument: { Name: 'USER' } }, 'x', 'EXACTLY'),
    { rawQuery: 'a=1&user=x' },
    true,
  ],
  [
    'D',
    'the value of any query argument',
    bytes({ AllQueryArguments: {} }, 'x', 'EXACTLY'),
    { rawQuery: 'a=1&b=x' },
    true,
  ],
  [
    'C',
    'no name of a query argument',
    bytes({ AllQueryArguments: {} }, 'b', 'EXACTLY'),
    { rawQuery: 'a=1&b=x' },
    false,
  ],
  [
    'D',
    'the names of headers in lower case',
    bytes(headers('KEY'), 'x-user-id', 'EXACTLY'),
    { headers: [['X-User-Id', 'me']] },
    true,
  ],
  [
    'D',
    'names only, when asked for names',
    bytes(headers('KEY'), 'me'),
    { headers: [['X-User-Id', 'me']] },
    false,
  ],
  [
    'D',
    'values only, when asked for values',
    bytes(headers('VALUE'), 'x-user'),
    { headers: [['X-User-Id', 'me']] },
    false,
  ],
  [
    'D',
    'included headers only',
    bytes(headers('VALUE', { IncludedHeaders: ['A'] }), 'me'),
    { headers: [['b', 'me']] },
    false,
  ],
  [
    'D',
    'all but excluded headers',
    bytes(headers('VALUE', { ExcludedHeaders: ['A'] }), 'me'),
    {
      headers: [
        ['b', 'me'],
        ['a', 'you'],
      ],
    },
    true,
  ],
  [
    'D',
    'a match by more than 200 headers, where told so',
    bytes(headers('KEY', { All: {} }, 'MATCH'), 'never'),
    { headers: many },
    true,
  ],
  [
    'D',
    'no match by them, where told so',
    bytes(headers('KEY', { All: {} }, 'NO_MATCH'), 'x-1'),
    { headers: many },
    false,
  ],
  [
    'D',
    'the first 200 of them, where told to go on',
    bytes(headers('KEY'), 'x-199', 'EXACTLY'),
    { headers: many },
    true,
  ],
  ['D', 'none behind the first 200', bytes(headers('KEY'), 'x-200', 'EXACTLY'), { headers: many }, false],
  [
    'D',
    'none behind the first 8 KB',
    bytes(headers('KEY'), 'late'),
    {
      headers: [
        ['a', 'x'.repeat(9_000)],
        ['late', '1'],
      ],
    },
    false,
  ],
  [
    'D',
    'a cookie',
    bytes(
      {
        Cookies: {
          MatchPattern: { IncludedCookies: ['s'] },
          MatchScope: 'VALUE',
          OversizeHandling: 'CONTINUE',
        },
      },
      'v',
      'EXACTLY',
    ),
    { headers: [['Cookie', 'a=1; s=v']] },
    true,
  ],
  [
    'D',
    'the order of headers',
    bytes({ HeaderOrder: { OversizeHandling: 'CONTINUE' } }, 'host:accept', 'EXACTLY'),
    {
      headers: [
        ['Host', 'x'],
        ['Accept', '*/*'],
      ],
    },
    true,
  ],
  ['D', 'a body', bytes({ Body: {} }, 'evil'), { body: 'an evil body' }, true],
  [
    'D',
    'nothing of a body past what is inspected',
    bytes({ Body: { OversizeHandling: 'CONTINUE' } }, 'evil'),
    { body: `${'x'.repeat(16_384)}evil` },
    false,
  ],
  [
    'D',
    'a match by a larger body, where told so',
    bytes({ Body: { OversizeHandling: 'MATCH' } }, 'evil'),
    { body: 'x'.repeat(16_385) },
    true,
  ],
  ['C', 'no body that is empty', size({ Body: {} }, 'GE', 0), {}, false],

  ['D', 'a JSON value', bytes(json(), 'evil', 'EXACTLY'), { body: '{"a":{"b":["evil"]}}' }, true],
  ['D', 'a JSON value as decoded', bytes(json(), 'evil', 'EXACTLY'), { body: '{"a":"\\u0065vil"}' }, true],
  [
    'D',
    'a JSON name',
    bytes(json({ MatchScope: 'KEY' }), '$where', 'EXACTLY'),
    { body: '{"q":{"$where":1}}' },
    true,
  ],
  [
    'D',
    'no JSON name when asked for values',
    bytes(json({ MatchScope: 'VALUE' }), 'a', 'EXACTLY'),
    { body: '{"a":1}' },
    false,
  ],
  [
    'D',
    'included paths only',
    bytes(json({ MatchPattern: { IncludedPaths: ['/a'] } }), 'x', 'EXACTLY'),
    { body: '{"b":"x","a":"y"}' },
    false,
  ],
  [
    'D',
    'what lies within an included path',
    bytes(json({ MatchPattern: { IncludedPaths: ['/a'] } }), 'x', 'EXACTLY'),
    { body: '{"a":[{"c":"x"}]}' },
    true,
  ],
  ['D', 'no match by broken JSON, where told so', bytes(json(), 'evil'), { body: '{evil' }, false],
  [
    'D',
    'a match by broken JSON, where told so',
    bytes(json({ InvalidFallbackBehavior: 'MATCH' }), 'x'),
    { body: '{' },
    true,
  ],
  [
    'D',
    'broken JSON as text, where told so',
    bytes(json({ InvalidFallbackBehavior: 'EVALUATE_AS_STRING' }), 'evil'),
    { body: '{evil' },
    true,
  ],

  ['D', 'a regular expression anywhere', regex({ UriPath: {} }, 'o[a-z]+s'), {}, true],
  ['D', 'an anchored regular expression', regex({ UriPath: {} }, '^orders'), {}, false],
  [
    'D',
    'one of a set of expressions',
    {
      RegexPatternSetReferenceStatement: {
        Arn: { 'Fn::GetAtt': ['Patterns', 'Arn'] },
        FieldToMatch: { UriPath: {} },
        TextTransformations: NONE,
      },
    },
    {},
    true,
  ],
  ['D', 'a size', size({ QueryString: {} }, 'GT', 3), { rawQuery: 'abcd' }, true],
  ['D', 'a size in bytes, not in characters', size({ Body: {} }, 'EQ', 2), { body: 'é' }, true],
  ['D', 'no size of what is missing', size({ SingleHeader: { Name: 'a' } }, 'LE', 9), {}, false],

  ['D', 'all of several', { AndStatement: { Statements: [AT, AT] } }, {}, true],
  ['D', 'not all of several', { AndStatement: { Statements: [AT, NEVER] } }, {}, false],
  ['D', 'any of several', { OrStatement: { Statements: [NEVER, AT] } }, {}, true],
  ['D', 'the contrary', { NotStatement: { Statement: NEVER } }, {}, true],
  [
    'D',
    'the contrary of what is missing',
    { NotStatement: { Statement: size({ SingleHeader: { Name: 'a' } }, 'GE', 0) } },
    {},
    true,
  ],
];

const PATTERNS = {
  Patterns: { Type: 'AWS::WAFv2::RegexPatternSet', Properties: { RegularExpressionList: ['x', 'ord'] } },
};

describe('web ACL statement', () => {
  test.each(BEHAVIOUR)('(%s) sees %s', (_, __, Statement, request, matches) => {
    const acl = aclOf([{ Statement }], { resources: { ...LISTS, ...PATTERNS } });

    expect(acl.evaluate(requestOf(request)).action).toBe(matches ? 'block' : 'allow');
  });

  withGeo('(D) sees a country, and says so in a label', () => {
    const acl = aclOf([{ Statement: { GeoMatchStatement: { CountryCodes: ['GB'] } } }], {
      databases: { country: geo },
    });

    expect(acl.evaluate(requestOf({ sourceIp: '81.2.69.142' }))).toMatchObject({
      action: 'block',
      labels: ['awswaf:clientip:geo:country:GB'],
    });
    expect(acl.evaluate(requestOf({ sourceIp: '214.78.120.1' })).action).toBe('allow');
  });

  test('(C) is not evaluated without a database of countries, nor is its contrary', () => {
    const statement = { GeoMatchStatement: { CountryCodes: ['GB'] } };
    const acl = aclOf([{ Statement: statement }, { Statement: { NotStatement: { Statement: statement } } }]);

    expect(acl.evaluate(requestOf())).toMatchObject({
      action: 'allow',
      notEvaluated: ['GeoMatch (no database of countries)'],
    });
    expect(acl.notRun).toEqual(['GeoMatch (no database of countries)']);
  });

  test('(C) is not evaluated without a database of autonomous systems', () => {
    const acl = aclOf([{ Statement: { AsnMatchStatement: { AsnList: [64496] } } }]);

    expect(acl.evaluate(requestOf()).notEvaluated).toEqual(['AsnMatch (no database of autonomous systems)']);
  });

  withDetectors('(D) sees SQL injection and cross-site scripting, and no more', () => {
    const inspected = {
      FieldToMatch: { QueryString: {} },
      TextTransformations: [{ Priority: 0, Type: 'URL_DECODE' }],
    };
    const acl = aclOf([
      { Name: 'sql', Statement: { SqliMatchStatement: inspected } },
      { Name: 'scripting', Statement: { XssMatchStatement: inspected } },
    ]);
    const ruleFor = (rawQuery: string) => acl.evaluate(requestOf({ rawQuery })).rule;

    expect(ruleFor("id=1'%20OR%20'1'='1")).toBe('sql');
    expect(ruleFor('q=%3Cscript%3Ealert(1)%3C/script%3E')).toBe('scripting');
    expect(ruleFor('q=union+of+workers+select+committee')).toBeUndefined();
  });

  test('(D) finds labels of earlier rules, with or without their namespaces', () => {
    const label = (Scope: string, Key: string) => ({ LabelMatchStatement: { Scope, Key } });
    const first = { Action: { Count: {} }, RuleLabels: [{ Name: 'ours:blue:sky' }], Statement: AT };
    const decided = (Scope: string, Key: string) =>
      aclOf([first, { Statement: label(Scope, Key) }]).evaluate(requestOf()).action;

    expect(decided('LABEL', 'ours:blue:sky')).toBe('block');
    expect(decided('LABEL', 'blue:sky')).toBe('block');
    expect(decided('LABEL', 'blue')).toBe('allow');
    expect(decided('LABEL', 'lue:sky')).toBe('allow');
    expect(decided('NAMESPACE', 'ours:')).toBe('block');
    expect(decided('NAMESPACE', 'blue:')).toBe('block');
    expect(decided('NAMESPACE', 'sky:')).toBe('allow');
    const [given = ''] = aclOf([first]).evaluate(requestOf()).labels;
    expect(given).toMatch(/^awswaf:123456789012:webacl:Acl:ours:blue:sky$/);
    expect(decided('LABEL', given)).toBe('block');
  });

  test.each<[string, Rule]>([
    [
      'a fingerprint that API Gateway does not have',
      { Statement: bytes({ JA3Fingerprint: { FallbackBehavior: 'MATCH' } }, 'x') },
    ],
    ['the other fingerprint', { Statement: bytes({ JA4Fingerprint: { FallbackBehavior: 'MATCH' } }, 'x') }],
    ['two statements in one', { Statement: { ...AT, ...regex({ UriPath: {} }, 'x') } }],
    ['an unknown statement', { Statement: { HoroscopeStatement: {} } }],
    ['And of one', { Statement: { AndStatement: { Statements: [AT] } } }],
    ['an unknown transformation', { Statement: bytes({ UriPath: {} }, 'x', 'CONTAINS', 'ROT13') }],
    [
      'no transformation at all',
      {
        Statement: {
          ByteMatchStatement: {
            FieldToMatch: { UriPath: {} },
            SearchString: 'x',
            PositionalConstraint: 'CONTAINS',
            TextTransformations: [],
          },
        },
      },
    ],
    ['a reference back in an expression', { Statement: regex({ UriPath: {} }, '(a)\\1') }],
    ['looking ahead in an expression', { Statement: regex({ UriPath: {} }, 'a(?=b)') }],
    ['a rate below ten', { Statement: { RateBasedStatement: { Limit: 9, AggregateKeyType: 'IP' } } }],
    [
      'a rate in a window there is not',
      { Statement: { RateBasedStatement: { Limit: 10, EvaluationWindowSec: 61, AggregateKeyType: 'IP' } } },
    ],
    [
      'a rate of everyone without a scope',
      { Statement: { RateBasedStatement: { Limit: 10, AggregateKeyType: 'CONSTANT' } } },
    ],
    [
      'a rate within another statement',
      {
        Statement: {
          NotStatement: { Statement: { RateBasedStatement: { Limit: 10, AggregateKeyType: 'IP' } } },
        },
      },
    ],
  ])('is refused as AWS would when it is %s', (_, rule) => {
    expect(() => aclOf([rule])).toThrow(GatewayConfigurationError);
    expect(() => aclOf([rule])).toThrow('[WAF_INVALID_PARAMETER]');
  });
});
