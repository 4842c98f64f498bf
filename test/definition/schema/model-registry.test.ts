import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Report } from '../../../lib/definition/report';
import { ModelRegistry } from '../../../lib/definition/schema';
import { KEYWORDS, requireKnownKeywords } from '../../../lib/definition/schema/keywords';
import { ModelStore } from '../../../lib/definition/schema/model-store';
import type { DocumentSource } from '../../../lib/definition/source';
import fc from '../../fixtures/property';
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

  test.each<[string, unknown]>([
    ['refers to itself', { $ref: '#' }],
    ['is all of itself', { allOf: [{ $ref: '#' }] }],
    ['is any of itself', { anyOf: [{ $ref: '#' }, { type: 'string' }] }],
    ['is one of itself', { oneOf: [{ $ref: '#' }, { type: 'string' }] }],
    ['is what it is not', { not: { $ref: '#' } }],
    ['is its own condition', { if: { $ref: '#' }, else: { $ref: '#' } }],
    ['refers to nowhere', { $ref: '#/nowhere' }],
    ['refers to a reference to it', { $ref: '#/a', a: { $ref: '#' } }],
    [
      'nests itself under closing in every way',
      {
        properties: { a: { $ref: '#' } },
        oneOf: [{ $ref: '#' }, { allOf: [{ $ref: '#' }] }],
        anyOf: [{ properties: { b: { $ref: '#' } } }],
      },
    ],
    ['is empty', {}],
    ['is true', true],
    ['is a list', []],
    ['is a text', 'string'],
    ['is null', null],
    ['nests deeper than calls can', nested(20_000)],
    ['combines beyond counting', combined(14)],
  ])('ends on a schema that %s', (_, schema) => {
    for (const closed of [true, false]) {
      const compiled = compileSchema(schema, { closed });

      expect(Object.keys(compiled.schemas)).toContain(compiled.name);
      expect(() => compiled.accepts({ a: 1 })).not.toThrow();
    }
  });

  test('ends on anything at all, with a model of known keywords', () => {
    const keyword = fc.constantFrom(
      ...Object.keys(KEYWORDS),
      ...[
        'const',
        'if',
        'then',
        'format',
        'prefixItems',
        'contains',
        'discriminator',
        'nullable',
        '$id',
        '$anchor',
        'dependencies',
        'unevaluatedProperties',
        'propertyNames',
        'readOnly',
      ],
    );
    const value = fc.letrec<{ any: unknown }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 5, depthSize: 'small' },
        fc.constantFrom<unknown>(null, true, -1, 3, 'string', 'object', '#', '#/a', '^a', ['a'], 1e300),
        fc.dictionary(fc.oneof(keyword, fc.constantFrom('a', 'b')), tie('any'), {
          maxKeys: 4,
          noNullPrototype: true,
        }),
        fc.array(tie('any'), { maxLength: 3 }),
      ),
    })).any;

    fc.assert(
      fc.property(
        value,
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom('3.0' as const, '3.1' as const),
        (schema, closed, emitUnproven, dialect) => {
          const { schemas } = compileSchema(schema, { closed, emitUnproven, dialect });

          for (const model of Object.values(schemas)) requireKnownKeywords(model as object, emitUnproven);
        },
      ),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 500) },
    );
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

describe('the table of keywords', () => {
  test('names a row of aws-facts for each', () => {
    expect(Object.values(KEYWORDS).filter(({ fact }) => !/^\d+\.\d+$/.test(fact))).toEqual([]);
  });

  test.each<[string, object]>([
    ['a keyword beyond it', { const: 1 }],
    ['one deep within', { properties: { a: { anyOf: [{ items: { format: 'uuid' } }] } } }],
    ['an unproven one', { minItems: 2 }],
    ['a tuple', { items: [{ type: 'string' }] }],
    ['null as a type', { type: 'null' }],
    ['a list of types', { type: ['string', 'number'] }],
    ['a keyword of Object.prototype', { constructor: 1 }],
  ])('lets no model have %s', (_, schema) => {
    expect(() => requireKnownKeywords(schema, false)).toThrow('the model compiler emitted');
  });

  test('is held against every model that leaves the compiler', () => {
    const store = new ModelStore();
    store.root({ properties: { a: { minItems: 2 } } }, 'Body');

    expect(() => store.models(false)).toThrow("the model compiler emitted 'minItems'");
    expect(() => store.models(true)).not.toThrow();
  });

  test('lets a model have unproven keywords on request', () => {
    expect(() => requireKnownKeywords({ minItems: 2, items: [{}] }, true)).not.toThrow();
  });
});

function nested(depth: number): unknown {
  let schema: unknown = { type: 'string' };
  for (let level = 0; level < depth; level++) schema = { properties: { a: schema } };
  return schema;
}

/** Each property of one schema is met by each of the other's, at every level. */
function combined(levels: number): unknown {
  const schemas = Object.fromEntries(
    Array.from({ length: levels }, (_, index) => [
      `s${index}`,
      {
        allOf: ['a', 'b'].map((name) => ({
          properties: {
            [name]: {
              allOf: [{ $ref: `#/s${(index + 1) % levels}` }, { $ref: `#/s${(index * 3 + 1) % levels}` }],
            },
          },
        })),
      },
    ]),
  );
  return { ...schemas, $ref: '#/s0' };
}
