import fc from '../../fixtures/property';

/** Names that schemas and instances share, so that they meet. */
const NAMES = ['a', 'b', 'ab'];
const name = fc.constantFrom(...NAMES);

const scalar = fc.constantFrom(null, true, false, 0, 1, 2, 3, 1.5, -1, '', 'a', 'ab', 'abc', 'b\n');

/** JSON values small enough that random schemas say something about them. */
export const instance: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

const type = fc.constantFrom('null', 'boolean', 'object', 'array', 'number', 'string', 'integer');
const small = fc.integer({ min: 0, max: 3 });
const bound = fc.constantFrom(-1, 0, 1, 1.5, 2, 3);

/** Schemas of 2020-12 that say one to three things, and refer to `#/$defs/0` and `#/$defs/1`. */
const node = fc.letrec<{ schema: unknown }>((tie) => {
  const schema = tie('schema');
  const schemas = fc.array(schema, { minLength: 1, maxLength: 3 });
  // apart, because beside `prefixItems` ajv forgets that an empty array contains nothing
  const apart = (keywords: object) => ({ allOf: [keywords] });
  const keyword = fc.oneof(
    fc.record({ type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })) }),
    fc.record({
      enum: fc.uniqueArray(instance, {
        minLength: 1,
        maxLength: 4,
        selector: (value) => JSON.stringify(value),
      }),
    }),
    fc.record({ const: instance }),
    fc.record({ minimum: bound }),
    fc.record({ maximum: bound }),
    fc.record({ exclusiveMinimum: bound }),
    fc.record({ exclusiveMaximum: bound }),
    fc.record({ multipleOf: fc.constantFrom(0.5, 1, 2) }),
    fc.record({ minLength: small }),
    fc.record({ maxLength: small }),
    fc.record({ pattern: fc.constantFrom('^a', 'b$', '^[ab]*$', '.', '\\s', '[^a]', '^a|b$') }),
    fc.record({ items: schema }),
    fc.record({ prefixItems: schemas }),
    fc.record({ contains: schema }).map(apart),
    fc.record({ contains: schema, minContains: small, maxContains: small }).map(apart),
    fc.record({ minItems: small }),
    fc.record({ maxItems: small }),
    fc.record({ uniqueItems: fc.boolean() }),
    fc.record({ properties: fc.dictionary(name, schema, { maxKeys: 3, noNullPrototype: true }) }),
    fc.record({ required: fc.uniqueArray(name, { maxLength: 2 }) }),
    fc.record({ additionalProperties: schema }),
    fc.record({
      patternProperties: fc.dictionary(fc.constantFrom('^a', 'b$'), schema, {
        maxKeys: 2,
        noNullPrototype: true,
      }),
    }),
    fc.record({ propertyNames: schema }),
    fc.record({ minProperties: small }),
    fc.record({ maxProperties: small }),
    fc.record({
      dependentRequired: fc.dictionary(name, fc.uniqueArray(name, { maxLength: 2 }), {
        maxKeys: 2,
        noNullPrototype: true,
      }),
    }),
    fc.record({ dependentSchemas: fc.dictionary(name, schema, { maxKeys: 2, noNullPrototype: true }) }),
    fc.record({ unevaluatedProperties: schema }),
    fc.record({ unevaluatedItems: schema }),
    fc.record({ allOf: schemas }),
    fc.record({ anyOf: schemas }),
    fc.record({ oneOf: schemas }),
    fc.record({ not: schema }),
    // as text, since an object with `then` is taken for a promise
    fc
      .tuple(schema, schema, fc.constantFrom(['then'], ['else'], ['then', 'else']))
      .map(([when, what, keys]) => Object.fromEntries([['if', when], ...keys.map((key) => [key, what])])),
    fc.record({ $ref: fc.constantFrom('#/$defs/0', '#/$defs/1') }),
  );
  return {
    schema: fc.oneof(
      { depthSize: 'small', maxDepth: 4, withCrossShrink: true },
      { weight: 1, arbitrary: fc.boolean() },
      { weight: 2, arbitrary: fc.record({ type }) },
      {
        weight: 6,
        arbitrary: fc
          .array(keyword, { minLength: 1, maxLength: 3 })
          .map((parts) => Object.assign({}, ...parts)),
      },
    ),
  };
}).schema;

/** A whole document: a schema, and the two it may refer to. */
export const document: fc.Arbitrary<Record<string, unknown>> = fc
  .tuple(node, node, node)
  .map(([schema, first, second]) => ({
    ...(typeof schema === 'boolean' ? { allOf: [schema] } : (schema as object)),
    $defs: { 0: first, 1: second },
  }));
