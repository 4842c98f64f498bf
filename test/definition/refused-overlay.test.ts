import { writeFileSync } from 'node:fs';
import { OpenApiDocument } from '../../lib/definition';
import { problemsOf } from '../fixtures/problems';
import { minimalDocument } from './minimal-document';
import { inFolder, overlaid, overlay } from './overlaid';

describe('overlays', () => {
  test.each([['$.constructor'], ['$.__proto__'], ["$['constructor']['prototype']"]])(
    'do not reach what a document only inherits: %s',
    (target) => {
      const text = overlay(`{ target: ${JSON.stringify(target)}, update: { polluted: 1 } }`);

      expect(problemsOf(() => overlaid(minimalDocument(), text))).toMatchObject([{ code: 'OVERLAY_TARGET' }]);
      expect({}).not.toHaveProperty('polluted');
    },
  );

  test("refuse alternatives that 'match' would not hold together, and take them in parentheses", () => {
    const target = (pattern: string) => `{ target: "$.a[?match(@.b, '${pattern}')]", remove: true }`;
    const document = { a: [{ b: 'get' }, { b: 'post' }, { b: 'getaway' }] };

    expect(problemsOf(() => overlaid(document, overlay(target('get|post'))))).toMatchObject([
      { code: 'OVERLAY_TARGET', remedy: 'put the alternatives in parentheses' },
    ]);
    expect(overlaid(document, overlay(target('(get|post)')))._source.root.value).toEqual({
      a: [{ b: 'getaway' }],
    });
  });

  test('give up a search that would not end, and do not begin another', () => {
    const slow = `{ target: "$[?match(@, '(.*)*(.*)*(.*)*x')]", remove: true }`;

    expect(problemsOf(() => overlaid({ a: 'a'.repeat(60) }, overlay(slow, slow, slow)))).toMatchObject([
      { code: 'OVERLAY_TARGET', message: expect.stringContaining('takes more than') },
    ]);
  });

  test('insert no more than memory holds', () => {
    const document = { a: Array.from({ length: 3_000 }, () => ({})) };
    const list = `[${'0,'.repeat(999)}0]`;

    expect(
      problemsOf(() => overlaid(document, overlay(`{ target: "$.a[*]", update: { b: ${list} } }`))),
    ).toMatchObject([{ code: 'OVERLAY_TARGET', message: expect.stringContaining('selects 3000 places') }]);
  });

  test('say once how many places cannot take an update', () => {
    const text = overlay('{ target: "$.a[*]", update: { b: 1 } }');

    expect(problemsOf(() => overlaid({ a: [1, 2, {}] }, text))).toMatchObject([
      { message: 'target "$.a[*]" selects 1 (and 1 more of the kind), which cannot be merged with {"b":1}' },
    ]);
  });

  test('fail when they are not UTF-8', () => {
    const path = inFolder('latin.yaml');
    writeFileSync(path, Buffer.from('overlay: 1.0.0\nactions: [] # \xe9\n', 'latin1'));

    expect(
      problemsOf(() => OpenApiDocument.fromString('{}', { path: 'a.json', overlays: [path] })),
    ).toMatchObject([{ code: 'FILE_UNREADABLE', message: expect.stringContaining('is not UTF-8') }]);
  });

  test.each([
    ['a broken path', overlay("{ target: '$.a[', remove: true }"), 'OVERLAY_TARGET'],
    ['a value that cannot be merged', overlay('{ target: $.openapi, update: { a: 1 } }'), 'OVERLAY_TARGET'],
    ['text merged into an object', overlay('{ target: $.info, update: x }'), 'OVERLAY_TARGET'],
    ['the whole document removed', overlay('{ target: $, remove: true }'), 'OVERLAY_TARGET'],
    ['an unknown key', overlay('{ target: $, updates: {} }'), 'INVALID_OVERLAY'],
    ['no target', overlay('{ update: {} }'), 'INVALID_OVERLAY'],
    ['no effect', overlay('{ target: $ }'), 'INVALID_OVERLAY'],
    ['another version', 'overlay: 2.0.0\nactions: []\n', 'INVALID_OVERLAY'],
    ['no actions', 'overlay: 1.0.0\n', 'INVALID_OVERLAY'],
    ['a file to extend that is no path', 'overlay: 1.0.0\nextends: [a]\nactions: []\n', 'INVALID_OVERLAY'],
    [
      'a file to extend of another kind',
      'overlay: 1.0.0\nextends: s3://a/b\nactions: []\n',
      'INVALID_OVERLAY',
    ],
    ['aliases without end', 'overlay: 1.0.0\nactions: [{ target: $, update: &a { x: *a } }]\n', 'TOO_DEEP'],
    [
      "a key that changes an object's prototype",
      overlay('{ target: $, update: { __proto__: {} } }'),
      'UNSAFE_KEY',
    ],
    [
      'brackets without end',
      overlay(`{ target: "$[?${'('.repeat(9_000)}@", remove: true }`),
      'OVERLAY_TARGET',
    ],
    ['text that replaces text', overlay('{ target: $.info.title, update: x }'), 'OVERLAY_TARGET'],
    ['broken YAML', 'overlay: [\n', 'SYNTAX'],
  ])('fail with %s', (_, text, code) => {
    const [problem] = problemsOf(() => overlaid(minimalDocument(), text));

    expect(problem).toMatchObject({ code, at: expect.stringMatching(/0\.overlay\.yaml:\d+:\d+$/) });
  });

  test('fail when their file is missing', () => {
    const overlays = [inFolder('none.yaml')];

    expect(problemsOf(() => OpenApiDocument.fromString('{}', { path: 'a.json', overlays }))).toEqual([
      expect.objectContaining({ code: 'FILE_UNREADABLE' }),
    ]);
  });
});
