import { compiled, minimalDocument } from './minimal-document';

describe('findAssumed', () => {
  const assumed = (schema: object) => {
    const post = { requestBody: { required: true, content: { 'application/json': { schema } } } };
    const { findings } = compiled(minimalDocument({ paths: { '/a': { post }, '/b': { post } } }));
    return findings.filter(({ code }) => code === 'ASSUMED_KEYWORD');
  };

  test("says once that 'not' is taken to import", () => {
    expect(assumed({ type: ['integer', 'null'] })).toMatchObject([
      { severity: 'info', fact: '4.13', pointer: '/openapi' },
    ]);
  });

  test('says nothing where no model has it, whatever fields are called', () => {
    expect(assumed({ type: 'object', properties: { not: { type: 'integer' } } })).toEqual([]);
  });
});
