import { CLOSED, expectMeaning, type Row, V30 } from './meaning-row';

const cat = {
  type: 'object',
  properties: { kind: { type: 'string' }, lives: { type: 'integer' } },
  required: ['kind'],
};
const dog = {
  type: 'object',
  properties: { kind: { type: 'string' }, barks: { type: 'boolean' } },
  required: ['kind'],
};
const components = { schemas: { Cat: cat, Dog: dog } };
const pets = [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }];

describe('a schema of OpenAPI', () => {
  test.each<[string, Row]>([
    [
      'chooses by a discriminator that names schemas',
      {
        options: CLOSED,
        schema: { oneOf: pets, discriminator: { propertyName: 'kind' }, components },
        accepted: [{ kind: 'Cat', lives: 1 }, { kind: 'Dog', barks: true }, { kind: 'Dog' }],
        refused: [{ kind: 'Cat', barks: true }, { kind: 'Fish' }, { lives: 1 }],
      },
    ],
    [
      'chooses by a discriminator that maps values',
      {
        options: CLOSED,
        schema: {
          oneOf: pets,
          discriminator: {
            propertyName: 'kind',
            mapping: { miaow: '#/components/schemas/Cat', woof: 'Dog' },
          },
          components,
        },
        accepted: [{ kind: 'miaow', lives: 1 }, { kind: 'woof', barks: true }, { kind: 'Cat' }],
        refused: [{ kind: 'miaow', barks: true }, { kind: 'Fish' }],
      },
    ],
    [
      'leaves values of a discriminator to cases that list them',
      {
        schema: {
          oneOf: [{ $ref: '#/$defs/A' }, { $ref: '#/$defs/B' }],
          discriminator: { propertyName: 'kind' },
          $defs: {
            A: { type: 'object', properties: { kind: { const: 'a' } }, required: ['kind'] },
            B: { type: 'object', properties: { kind: { const: 'b' } }, required: ['kind'] },
          },
        },
        accepted: [{ kind: 'a' }, { kind: 'b' }],
        refused: [{ kind: 'A' }, {}],
        codes: [],
      },
    ],
    [
      'takes more than one case where a discriminator is not demanded, and says so',
      {
        schema: {
          oneOf: [{ $ref: '#/$defs/A' }, { $ref: '#/$defs/B' }],
          discriminator: { propertyName: 'kind' },
          $defs: {
            A: { properties: { a: { type: 'boolean' } } },
            B: { properties: { b: { type: 'boolean' } } },
          },
        },
        accepted: [{ kind: 'A', a: true }, { a: true }],
        refused: [{ kind: 'A', a: 1 }, { kind: 'C' }],
        codes: ['NOT_ENFORCED'],
      },
    ],
    [
      'counts cases where a discriminator maps to none of them',
      {
        options: V30,
        schema: {
          oneOf: pets,
          discriminator: { propertyName: 'kind', mapping: { fish: '#/elsewhere' } },
          components,
        },
        accepted: [{ kind: 'any', lives: 'nine' }],
        refused: [{ kind: 'Cat' }],
      },
    ],
  ])('%s', (_, row) => expectMeaning(row));
});
