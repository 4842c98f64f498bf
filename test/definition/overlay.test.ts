import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile, OpenApiDocument } from '../../lib/definition';
import { GatewayConfigurationError } from '../../lib/errors';
import { minimalDocument, OPTIONS } from './minimal-document';

describe('overlays', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'overlay-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const overlaid = (document: unknown, ...overlays: string[]) => {
    const paths = overlays.map((text, index) => {
      const path = join(folder, `${index}.overlay.yaml`);
      writeFileSync(path, text);
      return path;
    });
    return OpenApiDocument.fromString(JSON.stringify(document), { path: 'original.json', overlays: paths });
  };
  const overlay = (...actions: string[]) =>
    `overlay: 1.0.0\ninfo: { title: O, version: '1' }\nactions:\n${actions.map((action) => `  - ${action}\n`).join('')}`;
  const problems = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      if (error instanceof GatewayConfigurationError) return error.problems;
      throw error;
    }
    return [];
  };

  test.each<[string, unknown, string[], unknown]>([
    ['add keys', { a: {} }, ['{ target: $.a, update: { b: 1 } }'], { a: { b: 1 } }],
    [
      'merge objects',
      { a: { b: { c: 1 } } },
      ['{ target: $, update: { a: { b: { d: 2 } } } }'],
      { a: { b: { c: 1, d: 2 } } },
    ],
    ['replace values', { a: 1 }, ['{ target: $, update: { a: [2] } }'], { a: [2] }],
    ['append to lists', { a: [1] }, ['{ target: $.a, update: 2 }'], { a: [1, 2] }],
    ['join lists', { a: [1] }, ['{ target: $, update: { a: [2, 3] } }'], { a: [1, 2, 3] }],
    ['remove keys', { a: 1, b: 2 }, ['{ target: $.a, remove: true }'], { b: 2 }],
    ['remove several elements', { a: [1, 2, 3, 4] }, ["{ target: '$.a[0,2]', remove: true }"], { a: [2, 4] }],
    [
      'reach every match',
      { a: [{ x: 1 }, { x: 2 }] },
      ["{ target: '$.a[*]', update: { y: 0 } }"],
      {
        a: [
          { x: 1, y: 0 },
          { x: 2, y: 0 },
        ],
      },
    ],
    [
      'remove before they update',
      { a: [1] },
      ['{ target: $.a, remove: true }', '{ target: $, update: { a: [] } }'],
      { a: [] },
    ],
    [
      'change nothing where remove is false',
      { a: 1 },
      ['{ target: $, remove: false, update: {} }'],
      { a: 1 },
    ],
  ])('%s', (_, document, actions, expected) => {
    expect(overlaid(document, overlay(...actions))._source.root.value).toEqual(expected);
  });

  test('apply one after the other', () => {
    const document = overlaid(
      {},
      overlay('{ target: $, update: { a: {} } }'),
      overlay('{ target: $.a, update: { b: 1 } }'),
    );

    expect(document._source.root.value).toEqual({ a: { b: 1 } });
  });

  test('do not share what they insert in several places', () => {
    const document = overlaid(
      { a: {}, b: {} },
      overlay("{ target: '$.*', update: { list: [1] } }", '{ target: $.a.list, update: 2 }'),
    );

    expect(document._source.root.value).toEqual({ a: { list: [1, 2] }, b: { list: [1] } });
  });

  test('are where what they wrote is located, and nothing else', () => {
    const source = overlaid(
      { a: { old: 1, list: ['x', 'y'] } },
      overlay(
        "{ target: $.a, update: { new: { deep: 1 }, list: ['z'] } }",
        "{ target: '$.a.list[0]', remove: true }",
      ),
    )._source;
    const at = (...keys: string[]) => source.locate(source.child(source.root, ...keys));

    expect(at('a', 'new', 'deep')).toBe(`${join(folder, '0.overlay.yaml')}:4:43`);
    expect(at('a', 'list', '1')).toBe(`${join(folder, '0.overlay.yaml')}:4:55`);
    expect(at('a', 'list', '0')).toBe('original.json:1:27');
    expect(at('a', 'old')).toBe('original.json:1:13');
    expect(at('a', 'missing')).toBe('original.json:1:6');
  });

  test('are named by the problems they cause', () => {
    const document = overlaid(
      minimalDocument(),
      overlay('{ target: "$.paths[\'/orders\'].get", update: { x-gateway: { rolls: [a] } } }'),
    );

    expect(problems(() => compile(document, OPTIONS))).toEqual([
      expect.objectContaining({
        code: 'UNKNOWN_EXTENSION_KEY',
        at: expect.stringContaining('0.overlay.yaml:4:'),
      }),
    ]);
  });

  test('open nothing that does not say so twice', () => {
    const document = overlaid(
      minimalDocument(),
      overlay('{ target: "$.paths[\'/orders\'].get", update: { security: [] } }'),
    );

    expect(problems(() => compile(document, OPTIONS))).toEqual([
      expect.objectContaining({ code: 'OPEN_OPERATION' }),
    ]);
  });

  test('are found to do nothing when a search comes to nothing', () => {
    const document = overlaid(
      minimalDocument(),
      overlay('{ target: "$.paths[*][?@.deprecated]", remove: true }'),
    );

    expect(compile(document, OPTIONS).findings).toContainEqual(
      expect.objectContaining({
        code: 'OVERLAY_WITHOUT_TARGET',
        at: expect.stringContaining('0.overlay.yaml:4:'),
      }),
    );
  });

  test("are found to add to 'security' what they may have meant to replace it with, and replace it if told so", () => {
    const get = `$.paths['/orders'].get`;
    const add = `{ target: "${get}", update: { security: [{ jwt: ['admin'] }] } }`;
    const remove = `{ target: "${get}.security", remove: true }`;
    const document = minimalDocument({ paths: { '/orders': { get: { security: [{ jwt: ['read'] }] } } } });
    const nested = `{ target: $, update: { paths: { /orders: { get: { security: [{ jwt: ['admin'] }] } } } } }`;
    const codes = (...actions: string[]) =>
      compile(overlaid(document, overlay(...actions)), OPTIONS).findings.map(({ code }) => code);

    expect(codes(add)).toContain('OVERLAY_ADDS_ALTERNATIVE');
    expect(codes(nested)).toContain('OVERLAY_ADDS_ALTERNATIVE');
    expect(codes(remove, add)).not.toContain('OVERLAY_ADDS_ALTERNATIVE');
  });

  test('fail when the one place they name is not there: a rule would be missing', () => {
    const [problem] = problems(() =>
      overlaid(
        minimalDocument(),
        overlay('{ target: "$.paths[\'/order\'].get", update: { x-gateway: {} } }'),
      ),
    );

    expect(problem).toMatchObject({
      code: 'OVERLAY_TARGET',
      message: `target "$.paths['/order'].get" selects nothing: there is no "/order" (did you mean "/orders"?)`,
    });
  });

  test.each<[string, unknown, string[], unknown]>([
    [
      'names with quotes and backslashes',
      { "it's": {}, 'a\\b': {} },
      ['{ target: "$.*", update: { b: 1 } }'],
      { "it's": { b: 1 }, 'a\\b': { b: 1 } },
    ],
    ['elements in any order', { a: [1, 2, 3] }, ["{ target: '$.a[2,0]', remove: true }"], { a: [2] }],
    ['elements named twice', { a: [1, 2, 3] }, ["{ target: '$.a[0,0]', remove: true }"], { a: [2, 3] }],
    [
      'what lies within what is removed',
      { a: [{ a: [1] }, 2] },
      ["{ target: '$..a[0]', remove: true }"],
      { a: [2] },
    ],
    [
      'places named twice, once',
      { a: { b: [] } },
      ['{ target: \'$.a["b","b"]\', update: 1 }'],
      { a: { b: [1] } },
    ],
    [
      "names of JavaScript's own",
      {},
      ['{ target: $, update: { constructor: { prototype: { a: 1 } } } }'],
      { constructor: { prototype: { a: 1 } } },
    ],
  ])('select %s', (_, document, actions, expected) => {
    expect(overlaid(document, overlay(...actions))._source.root.value).toEqual(expected);
    expect({}).not.toHaveProperty('a');
  });

  test.each([['$.constructor'], ['$.__proto__'], ["$['constructor']['prototype']"]])(
    'do not reach what a document only inherits: %s',
    (target) => {
      const text = overlay(`{ target: ${JSON.stringify(target)}, update: { polluted: 1 } }`);

      expect(problems(() => overlaid(minimalDocument(), text))).toMatchObject([{ code: 'OVERLAY_TARGET' }]);
      expect({}).not.toHaveProperty('polluted');
    },
  );

  test("refuse alternatives that 'match' would not hold together, and take them in parentheses", () => {
    const target = (pattern: string) => `{ target: "$.a[?match(@.b, '${pattern}')]", remove: true }`;
    const document = { a: [{ b: 'get' }, { b: 'post' }, { b: 'getaway' }] };

    expect(problems(() => overlaid(document, overlay(target('get|post'))))).toMatchObject([
      { code: 'OVERLAY_TARGET', remedy: 'put the alternatives in parentheses' },
    ]);
    expect(overlaid(document, overlay(target('(get|post)')))._source.root.value).toEqual({
      a: [{ b: 'getaway' }],
    });
  });

  test('give up a search that would not end, and do not begin another', () => {
    const slow = `{ target: "$[?match(@, '(.*)*(.*)*(.*)*x')]", remove: true }`;

    expect(problems(() => overlaid({ a: 'a'.repeat(60) }, overlay(slow, slow, slow)))).toMatchObject([
      { code: 'OVERLAY_TARGET', message: expect.stringContaining('takes more than') },
    ]);
  });

  test('insert no more than memory holds', () => {
    const document = { a: Array.from({ length: 3_000 }, () => ({})) };
    const list = `[${'0,'.repeat(999)}0]`;

    expect(
      problems(() => overlaid(document, overlay(`{ target: "$.a[*]", update: { b: ${list} } }`))),
    ).toMatchObject([{ code: 'OVERLAY_TARGET', message: expect.stringContaining('selects 3000 places') }]);
  });

  test('say once how many places cannot take an update', () => {
    const text = overlay('{ target: "$.a[*]", update: { b: 1 } }');

    expect(problems(() => overlaid({ a: [1, 2, {}] }, text))).toMatchObject([
      { message: 'target "$.a[*]" selects 1 (and 1 more of the kind), which cannot be merged with {"b":1}' },
    ]);
  });

  test('fail when they are not UTF-8', () => {
    const path = join(folder, 'latin.yaml');
    writeFileSync(path, Buffer.from('overlay: 1.0.0\nactions: [] # \xe9\n', 'latin1'));

    expect(
      problems(() => OpenApiDocument.fromString('{}', { path: 'a.json', overlays: [path] })),
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
    const [problem] = problems(() => overlaid(minimalDocument(), text));

    expect(problem).toMatchObject({ code, at: expect.stringMatching(/0\.overlay\.yaml:\d+:\d+$/) });
  });

  test('fail when their file is missing', () => {
    const overlays = [join(folder, 'none.yaml')];

    expect(problems(() => OpenApiDocument.fromString('{}', { path: 'a.json', overlays }))).toEqual([
      expect.objectContaining({ code: 'FILE_UNREADABLE' }),
    ]);
  });
});
