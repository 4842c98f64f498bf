import { Route, RoutesByMethod } from '../../lib/edge/precedence';

describe('RoutesByMethod', () => {
  const get = { method: 'GET', path: '/files/{name}' };
  const any = { path: '/files/{name}' };

  test.each([
    ['of the same method', { method: 'GET', path: '/files/index' }, get, true],
    ['whose method is written otherwise', { method: 'get', path: '/files/index' }, get, true],
    ['of another method', { method: 'POST', path: '/files/index' }, get, false],
    ['of any method, after one', { method: 'POST', path: '/files/index' }, any, true],
    ['of one method, after one of any', { path: '/files/index' }, get, true],
    ['of another path', { method: 'GET', path: '/folders/index' }, get, false],
    ['that is not nearer', { method: 'GET', path: '/files/{name}/{version}' }, get, false],
  ])('knows whether one comes before: %s', (_, one, other, before) => {
    expect(new RoutesByMethod([new Route(other)]).follow(new Route(one))).toBe(before);
    expect(new Route(one).comesBefore(new Route(other))).toBe(before);
  });

  test.each([
    ['/v1', '/v1/files/{name}', '/files/index', true],
    ['/v1', '/v1/files/{name+}', '/files/a/b', true],
    ['/v1', '/files/index', '/folders/index', false],
    ['/v1', '/v1/files', '/files/{name}', false],
  ])('takes a path behind %s for one to %s', (prefix, path, other, before) => {
    const routes = new RoutesByMethod([new Route({ path })]);

    expect(routes.follow(new Route({ path: other }, [prefix]))).toBe(before);
  });
});
