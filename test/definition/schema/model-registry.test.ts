import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Report } from '../../../lib/definition/report';
import { ModelRegistry } from '../../../lib/definition/schema';
import type { DocumentSource } from '../../../lib/definition/source';
import { compileSchema, judge } from './compile-schema';
import { documentInMemory } from './document-in-memory';

const BOX = join(__dirname, '../../../../shared/openapi/box-3.0.json');

function registryOf(source: DocumentSource) {
  const report = new Report(source);
  const registry = new ModelRegistry(source, report, { emitUnproven: false });
  const model = (...path: string[]) =>
    registry.model(source.child(source.root, ...path), {
      dialect: source.dialect,
      closed: true,
      operation: 'POST /a',
    });
  return { registry, report, model };
}

const address = {
  type: 'object',
  properties: { street: { type: 'string', maxLength: 99 }, town: { type: 'string', maxLength: 99 } },
};

describe('ModelRegistry', () => {
  test('stores equal models once', () => {
    const { registry, model } = registryOf(documentInMemory({ a: address, b: address }));

    expect(model('a')).toBe(model('b'));
    expect(Object.keys(registry.schemas)).toHaveLength(1);
  });

  test('shares what two models hold, and puts in place what one alone holds', () => {
    const alone = {
      type: 'object',
      properties: {
        note: { type: 'string', maxLength: 500, pattern: '^[A-Za-z0-9 ]*$' },
        of: { type: 'boolean' },
      },
    };
    const source = documentInMemory({
      first: { properties: { home: { $ref: '#/Address' }, work: { $ref: '#/Address' }, alone } },
      Address: address,
    });
    const { registry, model } = registryOf(source);

    const name = model('first');

    expect(Object.keys(registry.schemas).sort()).toEqual(['Address', name].sort());
    expect(registry.schemas[name]).toMatchObject({
      properties: { home: { $ref: '#/components/schemas/Address' }, alone: { type: 'object' } },
    });
  });

  test.each([
    [
      'lets an absent body through where it is optional',
      { type: 'object', required: ['a'] },
      ['NOT_ENFORCED'],
    ],
    ['lets it through in silence where the schema does so itself', { type: 'object', maxProperties: 3 }, []],
  ])('%s', (_, schema, codes) => {
    const source = documentInMemory(schema);
    const report = new Report(source);
    const registry = new ModelRegistry(source, report, { emitUnproven: false });
    const options = { dialect: '3.1', closed: false, operation: 'POST /a', optional: true } as const;

    const name = registry.model(source.root, options);
    const accepts = judge(registry.schemas, name);

    expect(report.findings.map(({ code }) => code)).toEqual(codes);
    // API Gateway takes no body for this (4.8)
    expect(accepts({})).toBe(true);
    expect(accepts([])).toBe(false);
  });

  test('names a model after its component, with letters and digits only', () => {
    const { model, registry } = registryOf(
      documentInMemory({ components: { schemas: { 'my-order_v2': address } } }),
    );

    expect(model('components', 'schemas', 'my-order_v2')).toBe('Myorderv2');
    expect(Object.keys(registry.schemas)).toEqual(['Myorderv2']);
  });

  test('names schemas that contain themselves and each other', () => {
    const source = documentInMemory({
      components: {
        schemas: {
          Tree: {
            type: 'object',
            properties: {
              value: { type: 'integer' },
              leaves: { type: 'array', items: { $ref: '#/components/schemas/Leaf' } },
            },
          },
          Leaf: { oneOf: [{ type: 'string' }, { $ref: '#/components/schemas/Tree' }] },
        },
      },
    });
    const { registry, model, report } = registryOf(source);

    const name = model('components', 'schemas', 'Tree');
    const accepts = judge(registry.schemas, name);

    expect(accepts({ leaves: ['a', { value: 1, leaves: [{ leaves: [] }] }] })).toBe(true);
    expect(accepts({ leaves: [{ leaves: [1] }] })).toBe(false);
    expect(accepts({ leaves: [{ x: 1 }] })).toBe(false);
    expect(report.findings.filter(({ code }) => code === 'NOT_ENFORCED')).toEqual([]);
  });

  test('does not count on a recursive schema that is not held exactly', () => {
    const list = {
      type: 'array',
      minItems: 2,
      items: { anyOf: [{ type: 'string' }, { not: { $ref: '#/$defs/list' } }] },
    };

    const compiled = compileSchema({ $defs: { list }, contains: { $ref: '#/$defs/list' } });

    // [1] is no list, since it is too short, but that is not held
    expect(compiled.accepts([['a', [1]]])).toBe(true);
    expect(compiled.codes).toContain('NOT_ENFORCED');
  });

  test('does not count on a condition that is not held exactly', () => {
    const compiled = compileSchema(
      JSON.parse('{ "if": { "type": "array", "minItems": 2 }, "then": false, "else": { "maxLength": 1 } }'),
    );

    expect(['a', [1], [1, 2], 'ab'].map(compiled.accepts)).toEqual([true, true, true, false]);
    expect(compiled.codes).toContain('NOT_ENFORCED');
  });

  test('tells of each place once, however many operations use it', () => {
    const { model, report } = registryOf(
      documentInMemory({
        a: { type: 'string' },
        b: { properties: { a: { $ref: '#/a' } } },
        c: { items: { $ref: '#/a' } },
      }),
    );

    model('a');
    model('b');
    model('c');

    expect(report.findings.filter(({ code }) => code === 'UNBOUNDED')).toHaveLength(1);
  });

  test('tells of each place once, though it is compiled to be counted and to be closed', () => {
    const { model, report } = registryOf(
      documentInMemory({
        a: {
          oneOf: [{ type: 'string', maxLength: 9, format: 'iri' }, { properties: { b: { maxLength: 1 } } }],
        },
      }),
    );

    model('a');

    expect(report.findings.map(({ code, pointer }) => `${code} ${pointer}`).sort()).toEqual([
      'CLOSED /a/oneOf/1',
      'NOT_ENFORCED /a/oneOf',
      'NOT_ENFORCED /a/oneOf/0/format',
    ]);
  });

  test('names the operation of a finding that belongs to one', () => {
    const source = documentInMemory({
      paths: { '/a': { post: { schema: { type: 'string' } } } },
      components: { schemas: { A: { type: 'string' } } },
    });
    const { model, report } = registryOf(source);

    model('paths', '/a', 'post', 'schema');
    model('components', 'schemas', 'A');

    expect(report.findings.map(({ operation }) => operation)).toEqual(['POST /a', undefined]);
  });

  (existsSync(BOX) ? test : test.skip)(
    'compiles every body of a large document in little time and space',
    () => {
      const source = documentInMemory(JSON.parse(readFileSync(BOX, 'utf8')), '3.0');
      const { registry, report, model } = registryOf(source);
      const bodies = Object.entries<Record<string, { requestBody?: { content: Record<string, unknown> } }>>(
        (source.root.value as { paths: Record<string, never> }).paths,
      ).flatMap(([path, item]) =>
        Object.entries(item).flatMap(([method, { requestBody }]) =>
          Object.keys(requestBody?.content ?? {})
            .filter((type) => type.endsWith('json'))
            .map((type) => ['paths', path, method, 'requestBody', 'content', type, 'schema']),
        ),
      );

      const begun = process.cpuUsage();
      for (const path of bodies) model(...path);
      const { schemas } = registry;

      // of the processor, since other suites run beside this one
      expect(process.cpuUsage(begun).user / 1_000).toBeLessThan(2_000);
      expect(bodies.length).toBeGreaterThan(100);
      expect(JSON.stringify(schemas).length).toBeLessThan(100_000);
      expect(report.problems).toEqual([]);
    },
  );
});
