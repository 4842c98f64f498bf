import { KEYWORDS, requireKnownKeywords } from '../../../lib/definition/schema/keywords';
import fc from '../../fixtures/property';
import { compileSchema } from './compile-schema';

describe('ModelRegistry', () => {
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
