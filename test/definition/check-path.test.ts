import { pathFault } from '../../lib/definition/check-path';
import { compiledPaths, problemsOf } from './minimal-document';

describe('pathFault', () => {
  test.each(['/', '/orders', '/orders/{orderId}', '/v1.0/a_b-c:d,e/{x_1}', '/a/ping'])(
    'passes %s',
    (path) => {
      expect(pathFault(path)).toBeUndefined();
    },
  );

  test.each([
    ['orders', "does not begin with '/'"],
    ['/files/{id}#copy', "contains '#'"],
    ['/files/thumbnail.{extension}', 'mixes text and variable'],
    ['/files/{a}{b}', 'mixes text and variable'],
    ['/files/{proxy+}', 'mixes text and variable'],
    ['/orders/', 'empty segment'],
    ['/orders//items', 'empty segment'],
    ['/a b', 'a character API Gateway does not take'],
    ['/größe', 'a character API Gateway does not take'],
    ['/orders;v=1', 'a character API Gateway does not take'],
    ['/a?b=c', 'a character API Gateway does not take'],
    ['/a%20b', 'a character API Gateway does not take'],
    ['/ping', 'is reserved'],
    ['/sping', 'is reserved'],
    ['/{id}/copies/{id}', 'uses a variable twice'],
  ])('refuses %s', (path, message) => {
    expect(pathFault(path)?.message).toContain(message);
  });
});

describe('compile', () => {
  test('names every path that cannot be imported', () => {
    const paths = { '/a#b': { get: {} }, '/ok': { get: {} }, '/x.{y}': { get: {} } };

    expect(problemsOf(() => compiledPaths(paths)).filter((line) => line.startsWith('PATH_'))).toEqual([
      expect.stringContaining('"/a#b"'),
      expect.stringContaining('"/x.{y}"'),
    ]);
  });
});
