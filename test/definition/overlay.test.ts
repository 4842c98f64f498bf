import { compile } from '../../lib/definition';
import { problemsOf } from '../fixtures/problems';
import { minimalDocument, OPTIONS } from './minimal-document';
import { inFolder, overlaid, overlay } from './overlaid';

describe('overlays', () => {
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

    expect(at('a', 'new', 'deep')).toBe(`${inFolder('0.overlay.yaml')}:4:43`);
    expect(at('a', 'list', '1')).toBe(`${inFolder('0.overlay.yaml')}:4:55`);
    expect(at('a', 'list', '0')).toBe('original.json:1:27');
    expect(at('a', 'old')).toBe('original.json:1:13');
    expect(at('a', 'missing')).toBe('original.json:1:6');
  });

  test('are named by the problems they cause', () => {
    const document = overlaid(
      minimalDocument(),
      overlay('{ target: "$.paths[\'/orders\'].get", update: { x-gateway: { rolls: [a] } } }'),
    );

    expect(problemsOf(() => compile(document, OPTIONS))).toEqual([
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

    expect(problemsOf(() => compile(document, OPTIONS))).toEqual([
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
    const [problem] = problemsOf(() =>
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
});
