import { compileSchema } from './compile-schema';

const compile = (schema: object) => compileSchema(schema, { closed: true });

// spelled so because the linter takes an object with `then` for a promise
const THEN = 'then';

const name = { name: { type: 'string', maxLength: 20 } };
const age = { age: { type: 'integer' } };
const cat = {
  type: 'object',
  properties: { kind: { const: 'cat' }, lives: { type: 'integer' } },
  required: ['kind'],
};
const dog = {
  type: 'object',
  properties: { kind: { const: 'dog' }, barks: { type: 'boolean' } },
  required: ['kind'],
};

describe('an object silent on additional properties', () => {
  test.each<[string, object, unknown[], unknown[]]>([
    [
      'refuses what it does not name',
      { properties: name },
      [{ name: 'a' }, {}, 'text'],
      [{ name: 'a', x: 1 }, { x: 1 }],
    ],
    [
      'refuses it within',
      { properties: { of: { type: 'object', properties: name } } },
      [{ of: { name: 'a' } }],
      [{ of: { x: 1 } }],
    ],
    [
      'refuses it in elements of an array',
      { type: 'array', items: { properties: name } },
      [[{ name: 'a' }]],
      [[{ name: 'a' }, { x: 1 }]],
    ],
    [
      'refuses it in additional properties',
      { type: 'object', additionalProperties: { properties: name } },
      [{ any: { name: 'a' } }],
      [{ any: { x: 1 } }],
    ],
    [
      'takes the fields of all of an allOf',
      { allOf: [{ properties: name }, { properties: age }] },
      [{ name: 'a', age: 1 }],
      [{ name: 'a', x: 1 }],
    ],
    [
      'takes fields beside an allOf of references',
      {
        allOf: [{ $ref: '#/$defs/base' }],
        properties: age,
        $defs: { base: { type: 'object', properties: name } },
      },
      [{ name: 'a', age: 1 }],
      [{ x: 1 }],
    ],
    [
      'takes fields that members of an allOf add to the same property',
      {
        allOf: [
          { properties: { of: { type: 'object', properties: name } } },
          { properties: { of: { type: 'object', properties: age } } },
        ],
      },
      [{ of: { name: 'a', age: 1 } }],
      [{ of: { name: 'a', x: 1 } }],
    ],
    [
      'takes the fields of the one case that holds',
      { oneOf: [cat, dog] },
      [
        { kind: 'cat', lives: 9 },
        { kind: 'dog', barks: true },
      ],
      [
        { kind: 'cat', barks: true },
        { kind: 'dog', lives: 9 },
        { kind: 'cat', x: 1 },
      ],
    ],
    [
      'takes common fields in each case',
      { properties: name, oneOf: [cat, dog] },
      [{ name: 'a', kind: 'cat', lives: 9 }],
      [{ name: 'a', kind: 'cat', barks: true }, { name: 'a' }],
    ],
    [
      'takes fields that a case and the schema around it name both',
      {
        properties: { of: { properties: name } },
        oneOf: [
          { properties: { tag: { const: 1 }, of: { properties: age } }, required: ['tag'] },
          { properties: { other: { type: 'string' } }, required: ['other'] },
        ],
      },
      [
        { tag: 1, of: { name: 'a', age: 1 } },
        { other: 'b', of: { name: 'a' } },
      ],
      [
        { tag: 1, of: { x: 1 } },
        { other: 'b', of: { x: 1 } },
      ],
    ],
    [
      'takes fields of any case of an anyOf',
      { anyOf: [{ properties: name }, { properties: age }] },
      [{ name: 'a', age: 1 }],
      [{ x: 1 }],
    ],
    [
      'is closed beside null',
      { anyOf: [{ properties: name, type: 'object' }, { type: 'null' }] },
      [null, { name: 'a' }],
      [{ x: 1 }],
    ],
    [
      'takes fields that a condition adds',
      { properties: { kind: {} }, if: { properties: { kind: { const: 1 } } }, [THEN]: { properties: name } },
      [{ kind: 1, name: 'a' }],
      [{ kind: 1, x: 1 }],
    ],
    [
      'takes fields that depend on another',
      {
        properties: name,
        dependentSchemas: { name: { properties: age } },
        dependentRequired: { name: ['id'] },
      },
      [{ name: 'a', age: 1, id: 1 }],
      [{ name: 'a', id: 1, x: 1 }, { name: 'a' }],
    ],
    [
      'takes fields it demands without describing them',
      { properties: name, required: ['id'] },
      [{ id: 1 }],
      [{ id: 1, x: 1 }],
    ],
    [
      'refuses what only cases demand to be absent',
      { properties: name, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
      [{ a: 1 }, { b: 1, name: 'a' }],
      [{ a: 1, b: 1 }, { a: 1, x: 1 }, {}],
    ],
    [
      'is not confused by not',
      { properties: name, not: { properties: age, required: ['age'] } },
      [{ name: 'a' }],
      [{ x: 1 }],
    ],
  ])('%s', (_, schema, accepted, refused) => {
    const compiled = compile(schema);

    expect(accepted.filter((value) => !compiled.accepts(value))).toEqual([]);
    expect(refused.filter((value) => compiled.accepts(value))).toEqual([]);
    expect(compiled.codes).toContain('CLOSED');
  });

  test('counts the cases of a oneOf as the document does, before it closes them', () => {
    const overlapping = { oneOf: [{ properties: name }, { properties: age }] };

    const compiled = compile(overlapping);

    // both cases hold as the document says it, so closing must not make this one of two
    expect(compiled.accepts({ name: 'a' })).toBe(false);
    expect(compiled.accepts({ name: 'a', age: 'no' })).toBe(false);
    expect(compiled.accepts({ name: 1, age: 1 })).toBe(false);
  });

  test('is found where it stands', () => {
    const { findings } = compile({ properties: { of: { properties: name } } });

    expect(findings.filter(({ code }) => code === 'CLOSED').map(({ pointer }) => pointer)).toEqual([
      '',
      '/properties/of',
    ]);
    expect(findings.find(({ code }) => code === 'CLOSED')?.message).toContain("'of'");
  });

  test('is closed again each time it contains itself', () => {
    const compiled = compile({ properties: { value: {}, next: { $ref: '#' } } });

    expect(compiled.accepts({ value: 1, next: { value: 2, next: {} } })).toBe(true);
    expect(compiled.accepts({ next: { next: { x: 1 } } })).toBe(false);
  });
});

describe('an object', () => {
  test.each<[string, object, unknown]>([
    ['additionalProperties: true', { properties: name, additionalProperties: true }, { x: 1 }],
    [
      'a schema for additional properties',
      { properties: name, additionalProperties: { type: 'integer' } },
      { x: 1 },
    ],
    ['unevaluatedProperties: true', { properties: name, unevaluatedProperties: true }, { x: 1 }],
    ['patternProperties', { properties: name, patternProperties: { '^x': {} } }, { x: 1, y: 1 }],
    ['a member of its allOf', { allOf: [{ properties: name }, { additionalProperties: true }] }, { x: 1 }],
    [
      'a case of its anyOf',
      { properties: name, anyOf: [{ additionalProperties: true }, { required: ['name'] }] },
      { x: 1 },
    ],
    ['naming no field', { type: 'object' }, { x: 1 }],
    ['listing its values', { properties: name, enum: [{ x: 1 }] }, { x: 1 }],
    [
      'being a base with a discriminator',
      { properties: name, discriminator: { propertyName: 'name' } },
      { x: 1 },
    ],
  ])('stays open by %s', (_, schema, value) => {
    const compiled = compile(schema);

    expect(compiled.accepts(value)).toBe(true);
    expect(compiled.codes).not.toContain('CLOSED');
  });

  test('that the document closes itself is not reported', () => {
    const compiled = compile({ properties: name, additionalProperties: false });

    expect(compiled.accepts({ x: 1 })).toBe(false);
    expect(compiled.codes).not.toContain('CLOSED');
  });

  test('is closed by an operation that enforces its contract only', () => {
    const compiled = compileSchema({ properties: name });

    expect(compiled.accepts({ x: 1 })).toBe(true);
    expect(compiled.codes).not.toContain('CLOSED');
  });

  test('that takes any field is reported', () => {
    expect(compile({ type: 'object' }).codes).toEqual(['OPEN_OBJECT']);
    expect(compile({ type: 'object', additionalProperties: true }).codes).toEqual([]);
  });
});
