import { NONE } from './acl';
import { type Behaviour, bytes, headers, many, size } from './statements';

/** Of parts of a request other than JSON, by the bytes in them. */
export const OF_FIELDS: readonly Behaviour[] = [
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
];
