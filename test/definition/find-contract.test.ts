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

describe('what an operation says of a body', () => {
  const CONTENT = { 'application/json': { schema: { type: 'object' } } };
  const unread = (operation: object, extension: object, root: object = {}) =>
    compiled(
      minimalDocument({
        'x-gateway': root,
        paths: { '/a': { post: { ...operation, 'x-gateway': extension } } },
      }),
    ).findings.filter(({ code }) => code === 'NOT_READ');

  test.each([
    ['maxBody', '32KB'],
    ['uninspected', 'a photo'],
    ['credentialsInBody', 'it exchanges tokens'],
  ])('is not read where it declares none: %s', (key, value) => {
    const message = `'${key}' says nothing here: the operation declares no body`;

    expect(unread({}, { [key]: value })).toMatchObject([{ severity: 'info', message }]);
    expect(unread({ requestBody: { required: true, content: CONTENT } }, { [key]: value })).toEqual([]);
    // said of all operations, it is meant for others
    expect(unread({}, {}, { [key]: value })).toEqual([]);
  });
});
