import { NONE } from './acl';
import { OF_FIELDS } from './behaviour-of-fields';
import { ALWAYS, type Behaviour, bytes, forwarded, inSet, json, NEVER, regex, size, xff } from './statements';

/** Each row is a test and a row of the README. */
export const BEHAVIOUR: readonly Behaviour[] = [
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

  ...OF_FIELDS,

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

  ['D', 'all of several', { AndStatement: { Statements: [ALWAYS, ALWAYS] } }, {}, true],
  ['D', 'not all of several', { AndStatement: { Statements: [ALWAYS, NEVER] } }, {}, false],
  ['D', 'any of several', { OrStatement: { Statements: [NEVER, ALWAYS] } }, {}, true],
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
