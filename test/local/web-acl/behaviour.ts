import type { HeaderList } from '../../../lib/local/pipeline/header-list';
import { NONE, type requestOf } from './acl';

export type Request = Parameters<typeof requestOf>[0];

const ipSet = (id: string, ...Addresses: string[]) => ({
  [id]: { Type: 'AWS::WAFv2::IPSet', Properties: { Addresses } },
});
const inSet = (id: string, more = {}) => ({
  IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': [id, 'Arn'] }, ...more },
});
export const bytes = (
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
export const regex = (FieldToMatch: object, RegexString: string) => ({
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

export const LISTS = ipSet('List', '192.0.2.0/24', '2001:db8::/32');
export const AT = size({ UriPath: {} }, 'GE', 0);
const NEVER = size({ UriPath: {} }, 'LT', 0);

/**
 * Statement × behaviour. Certainty: D as AWS documents it, O as observed by others, C our cautious choice where
 * neither says.
 */
export const BEHAVIOUR: readonly [
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
    'C',
    'what of a longer header is within them',
    bytes(headers('VALUE'), 'early'),
    { headers: [['a', `early${'x'.repeat(9_000)}`]] },
    true,
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
    'C',
    'either value of a JSON name that comes twice',
    bytes(json(), 'evil', 'EXACTLY'),
    { body: '{"a":"evil","a":"good"}' },
    true,
  ],
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
  [
    'C',
    'bytes, not characters, by a regular expression',
    regex({ UriPath: {} }, 'é'),
    { path: '/\xc3\xa9' },
    true,
  ],
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

export const PATTERNS = {
  Patterns: { Type: 'AWS::WAFv2::RegexPatternSet', Properties: { RegularExpressionList: ['x', 'ord'] } },
};

const GUIDE = 'https://docs.aws.amazon.com/waf/latest/developerguide/';

/** Pages of the developer guide by what a statement is made of, the most particular first. */
const PAGES: readonly [part: string, page: string][] = [
  ['IPSetForwardedIPConfig', 'waf-rule-statement-forwarded-ip-address.html'],
  ['IPSetReferenceStatement', 'waf-rule-statement-type-ipset-match.html'],
  ['JsonBody', 'waf-rule-statement-fields-list.html'],
  ['OversizeHandling', 'waf-oversize-request-components.html'],
  ['AndStatement', 'waf-rule-statement-type-and.html'],
  ['OrStatement', 'waf-rule-statement-type-or.html'],
  ['NotStatement', 'waf-rule-statement-type-not.html'],
  ['RegexPatternSetReferenceStatement', 'waf-rule-statement-type-regex-pattern-set-match.html'],
  ['RegexMatchStatement', 'waf-rule-statement-type-regex-match.html'],
  ['SizeConstraintStatement', 'waf-rule-statement-type-size-constraint-match.html'],
  ['ByteMatchStatement', 'waf-rule-statement-type-string-match.html'],
];

/** A row of the README for each behaviour. */
export function readmeRow([certainty, says, statement]: (typeof BEHAVIOUR)[number]): string {
  const text = JSON.stringify(statement);
  const [kind = ''] = Object.keys(statement);
  const page = PAGES.find(([part]) => text.includes(`"${part}"`))?.[1];
  const words = { D: 'documented', O: 'observed', C: 'our cautious choice' }[certainty];
  const source = certainty === 'C' ? '–' : `[guide](${GUIDE}${page})`;

  return `| ${kind.replace('Statement', '')} | sees ${says} | ${source} | ${words} |`;
}
