import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { OpenApiDocument } from '../../lib/definition';
import { GatewayConfigurationError } from '../../lib/errors';

describe('OpenApiDocument', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'document-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const write = (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  };
  const sourceOf = (files: Record<string, string>) => {
    write(files);
    return OpenApiDocument.fromFile(join(folder, Object.keys(files)[0]!))._source;
  };
  const yaml = (text: string) => OpenApiDocument.fromString(text, { path: 'a.yaml' })._source;

  describe('positions', () => {
    test.each<[string, string, (string | number)[], string]>([
      ['a member of YAML', 'a:\n  b: 1\n', ['a', 'b'], 'a.yaml:2:6'],
      ['an element of YAML', 'a:\n  - x\n  - y\n', ['a', 1], 'a.yaml:3:5'],
      ['a member of flow YAML', 'a: { b: [1, 2] }\n', ['a', 'b', 1], 'a.yaml:1:13'],
      ['a member behind an alias', 'a: &x { b: 1 }\nc: *x\n', ['c', 'b'], 'a.yaml:1:12'],
      ['a member of JSON', '{\n  "a": {\n    "b": 1 } }', ['a', 'b'], 'a.yaml:3:10'],
      ['the nearest ancestor of what is missing', 'a:\n  b: 1\n', ['a', 'c', 'd'], 'a.yaml:2:3'],
      ['a number as a key', 'a:\n  200: x\n', ['a', '200'], 'a.yaml:2:8'],
    ])('names %s', (_, text, keys, expected) => {
      const source = yaml(text);

      expect(source.locate(source.child(source.root, ...keys))).toBe(expected);
    });

    test('survive a byte order mark and Windows line ends', () => {
      const source = sourceOf({ 'a.yaml': '\uFEFFa: 1\r\nb: 2\r\n' });

      expect(source.locate(source.child(source.root, 'b'))).toMatch(/a\.yaml:2:4$/);
    });
  });

  describe('references', () => {
    test('lead to other files, from there to further ones and back', () => {
      const source = sourceOf({
        'a.yaml': 'x: { $ref: "sub/b.json#/y" }\nz: 5\n',
        'sub/b.json': '{ "y": { "$ref": "c.yaml" } }',
        'sub/c.yaml': '$ref: ../a.yaml#/z\n',
      });

      expect(source.deref(source.child(source.root, 'x'))).toEqual({
        value: 5,
        file: join(folder, 'a.yaml'),
        pointer: '/z',
      });
    });

    test.each([
      ['an escaped slash', '"#/a~1b"', { 'a/b': 1 }],
      ['an escaped tilde', '"#/a~0b"', { 'a~b': 1 }],
      ['a percent sign', '"#/a%20b"', { 'a b': 1 }],
      ['an element', '"#/a/0"', { a: [1] }],
    ])('understand %s', (_, reference, rest) => {
      const source = yaml(JSON.stringify({ x: { $ref: JSON.parse(reference) }, ...rest }));

      expect(source.deref(source.child(source.root, 'x')).value).toBe(1);
    });

    test.each([
      ['a pointer to nothing', '#/nothing', 'UNRESOLVED_REFERENCE'],
      ['an inherited member', '#/toString', 'UNRESOLVED_REFERENCE'],
      ['a missing file', 'missing.yaml', 'FILE_UNREADABLE'],
      ['a web address', 'https://example.com/a.yaml', 'REMOTE_REFERENCE'],
      ['itself', '#/x', 'REFERENCE_LOOP'],
    ])('fail at %s, once, with their own place', (_, reference, code) => {
      const source = yaml(`y: 1\nx: { $ref: '${reference}' }\n`);
      const node = source.child(source.root, 'x');

      expect(source.deref(node).value).toBeUndefined();
      source.deref(node);

      expect(source.problems).toEqual([
        expect.objectContaining({ code, at: expect.stringMatching(/^a\.yaml:2:/) }),
      ]);
    });

    test('fail at a file that does not parse, with the place in that file', () => {
      const source = sourceOf({ 'a.yaml': 'x: { $ref: b.yaml }\n', 'b.yaml': 'a: 1\nb: [\n' });

      source.deref(source.child(source.root, 'x'));

      expect(source.problems).toEqual([
        expect.objectContaining({ code: 'SYNTAX', at: expect.stringMatching(/b\.yaml:3:1$/) }),
      ]);
    });

    test('may be circular as long as something lies between', () => {
      const source = yaml('a: { b: { $ref: "#/a" } }\n');
      const inner = source.deref(source.child(source.root, 'a', 'b'));

      expect(source.deref(source.child(inner, 'b'))).toEqual(inner);
      expect(source.problems).toEqual([]);
    });
  });

  describe('text', () => {
    test.each([
      ['broken YAML', 'a: [1\nb: 2', 'SYNTAX'],
      ['broken JSON', '{ "a": 1,, }', 'SYNTAX'],
      ['a key twice in YAML', 'a: 1\na: 2\n', 'DUPLICATE_KEY'],
      ['a key twice in JSON', '{ "a": 1, "a": 2 }', 'DUPLICATE_KEY'],
      ['a key that changes prototypes', '{ "__proto__": { "a": 1 } }', 'UNSAFE_KEY'],
      ['more levels than any honest document has', '['.repeat(5000) + ']'.repeat(5000), 'TOO_DEEP'],
      ['aliases that multiply', bomb(), 'SYNTAX'],
    ])('fails with %s', (_, text, code) => {
      expect(thrownBy(() => yaml(text))).toEqual([
        expect.objectContaining({ code, at: expect.stringMatching(/^a\.yaml:\d+:\d+$/) }),
      ]);
    });

    test('may use aliases and merge keys of YAML', () => {
      const source = yaml('base: &b { x: 1 }\nuse: { <<: *b, y: 2 }\n');

      expect(source.child(source.root, 'use').value).toEqual({ x: 1, y: 2 });
    });
  });

  test('fails when the file is missing, naming it', () => {
    const path = join(folder, 'none.yaml');

    expect(thrownBy(() => OpenApiDocument.fromFile(path))).toEqual([
      expect.objectContaining({ code: 'FILE_UNREADABLE', at: `${path}:1:1` }),
    ]);
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof GatewayConfigurationError) return error.problems;
    throw error;
  }
}

function bomb(): string {
  const level = (index: number) =>
    `l${index}: &l${index} [${Array(10)
      .fill(`*l${index - 1}`)
      .join(', ')}]`;
  return ['l0: &l0 [x]', ...Array.from({ length: 8 }, (_, index) => level(index + 1))].join('\n');
}
