import { unifyPaths } from '../../lib/definition/unify-paths';
import { codesOf, compiledPaths, minimalDocument } from './minimal-document';

describe('unifyPaths', () => {
  test('leaves paths alone whose variables agree', () => {
    expect(unifyPaths(['/a/{x}', '/a/{x}/b/{y}']).get('/a/{x}/b/{y}')).toEqual({
      path: '/a/{x}/b/{y}',
      variables: ['x', 'y'],
      declaredNames: {},
    });
  });

  test('names a variable as the first path does, and remembers what it was called', () => {
    expect(unifyPaths(['/a/{x}', '/a/{y}/b/{z}']).get('/a/{y}/b/{z}')).toEqual({
      path: '/a/{x}/b/{z}',
      variables: ['x', 'z'],
      declaredNames: { x: 'y' },
    });
  });

  test('does not unify what stands below different text', () => {
    expect(unifyPaths(['/a/{x}', '/b/{y}']).get('/b/{y}')?.path).toBe('/b/{y}');
  });

  test('remembers names that every object has', () => {
    const { declaredNames } = unifyPaths(['/a/{__proto__}', '/a/{constructor}/b']).get('/a/{constructor}/b')!;

    expect(Object.entries(declaredNames)).toEqual([['__proto__', 'constructor']]);
    expect(declaredNames['toString']).toBeUndefined();
  });

  test('never gives two variables of one path the same name', () => {
    const unified = unifyPaths(['/a/{id}', '/a/{owner}/b/{id}']).get('/a/{owner}/b/{id}');

    expect(unified).toEqual({
      path: '/a/{id}/b/{id_}',
      variables: ['id', 'id_'],
      declaredNames: { id: 'owner', id_: 'id' },
    });
  });
});

describe('compile', () => {
  test('gives the authorizer what stands in the place of a variable elsewhere', () => {
    const paths = ['/a/{x}', '/a/{y}/b', '/a/export', '/a/export/{z}', '/a/import/c', '/ab', '/{v}/d'];
    const { operations } = compiledPaths(Object.fromEntries(paths.map((path) => [path, { get: {} }]))).policy;

    expect(
      Object.fromEntries(Object.entries(operations).map(([key, { fixedTexts }]) => [key, fixedTexts])),
    ).toEqual({
      'GET /a/{x}': { x: ['export', 'import'] },
      'GET /a/{x}/b': { x: ['export', 'import'] },
      'GET /a/export': undefined,
      'GET /a/export/{z}': undefined,
      'GET /a/import/c': undefined,
      'GET /ab': undefined,
      'GET /{v}/d': { v: ['a', 'ab'] },
    });
  });

  test('gives the authorizer the declared names', () => {
    const { policy, body } = compiledPaths({ '/a/{x}': { get: {} }, '/a/{y}/b': { get: {} } });

    expect(Object.keys(body.paths)).toEqual(['/a/{x}', '/a/{x}/b']);
    expect(policy.operations['GET /a/{x}/b']?.pathNames).toEqual({ x: 'y' });
    expect(policy.operations['GET /a/{x}']).not.toHaveProperty('pathNames');
  });

  test('merges paths that differ in the name of a variable only', () => {
    const { body } = compiledPaths({ '/a/{x}': { get: {} }, '/a/{y}': { put: {} } });

    expect(Object.keys(body.paths['/a/{x}']!)).toEqual(['get', 'put']);
  });

  test('fails when such paths have a method in common', () => {
    const paths = { '/a/{x}': { get: {} }, '/a/{y}': { get: {} } };

    expect(codesOf(minimalDocument({ paths }))).toContain('SAME_PATH');
  });
});
