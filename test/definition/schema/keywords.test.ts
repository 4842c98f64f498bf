import { KEYWORDS, requireKnownKeywords } from '../../../lib/definition/schema/keywords';
import { ModelStore } from '../../../lib/definition/schema/model-store';

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
