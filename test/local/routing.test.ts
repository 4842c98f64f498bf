import type { MethodModel } from '../../lib/local/model/api';
import { integrationOfExtension } from '../../lib/local/model/read-integration';
import { Router } from '../../lib/local/pipeline/router';
import { withinBasePath } from '../../lib/local/server/read-request';
import { run } from './running';

const method = (name: string): MethodModel => {
  const [httpMethod = '', resourcePath = ''] = name.split(' ');
  return {
    httpMethod,
    resourcePath,
    apiKeyRequired: false,
    validate: { body: false, parameters: false },
    requestParameters: {},
    requestModels: {},
    integration: integrationOfExtension({}),
  };
};

describe('routes', () => {
  const router = new Router(
    [
      'GET /',
      'GET /a/{x}',
      'GET /a/b',
      'GET /a/{x}/c',
      'DELETE /a/{x}',
      'ANY /a/{x}/c',
      'GET /{rest+}',
      'GET /files/{path+}',
      'POST /only',
    ].map(method),
  );
  const found = (request: string) => {
    const [httpMethod = '', path = ''] = request.split(' ');
    const match = router.match(httpMethod, path);
    return match && [`${match.method.httpMethod} ${match.method.resourcePath}`, match.pathParameters];
  };

  test.each([
    ['GET /', 'GET /', {}],
    ['GET /a/b', 'GET /a/b', {}],
    ['GET /a/z', 'GET /a/{x}', { x: 'z' }],
    ['GET /a/b/c', 'GET /a/{x}/c', { x: 'b' }],
    ['PUT /a/b/c', 'ANY /a/{x}/c', { x: 'b' }],
    ['GET /files/one/two%2Fthree', 'GET /files/{path+}', { path: 'one/two%2Fthree' }],
    ['GET /files/one//two/', 'GET /files/{path+}', { path: 'one//two' }],
    ['GET /a/b/d', 'GET /{rest+}', { rest: 'a/b/d' }],
    ['GET /a/z/', 'GET /a/{x}', { x: 'z' }],
    ['GET /a/z//', 'GET /a/{x}', { x: 'z' }],
    ['GET //a/z', 'GET /a/{x}', { x: 'z' }],
    ['GET /a//z', 'GET /{rest+}', { rest: 'a//z' }],
    ['GET /a/test%2Balias@example.com', 'GET /a/{x}', { x: 'test%2Balias@example.com' }],
    ['GET /a/%E0%A4%A', 'GET /a/{x}', { x: '%E0%A4%A' }],
    ['GET /only', 'GET /{rest+}', { rest: 'only' }],
    ['DELETE /a/b', 'DELETE /a/{x}', { x: 'b' }],
  ])('lead %s to %s', (request, expected, parameters) => {
    expect(found(request)).toEqual([expected, parameters]);
  });

  test.each(['PUT /a/b', 'HEAD /a/b', 'DELETE /only'])(
    'lead %s nowhere: no resource for the path has the method',
    (request) => {
      expect(found(request)).toBeUndefined();
    },
  );

  test('begin after stage or base path, at a whole segment', () => {
    expect(withinBasePath('/prod/a', 'prod')).toBe('/a');
    expect(withinBasePath('/prod', 'prod')).toBe('/');
    expect(withinBasePath('/production/a', 'prod')).toBeUndefined();
    expect(withinBasePath('/a', '')).toBe('/a');
  });

  test('begin after slashes in front of the stage, and behind it', () => {
    expect(withinBasePath('//prod/a', 'prod')).toBe('/a');
    expect(withinBasePath('/prod//a//b', 'prod')).toBe('/a//b');
    expect(withinBasePath('//a', '')).toBe('/a');
  });
});

describe('the address of a gateway', () => {
  test('has the base path of its domain instead of the stage', async () => {
    const running = await run({
      resources: {
        Mapping: {
          Type: 'AWS::ApiGateway::BasePathMapping',
          Properties: {
            DomainName: 'api.example.com',
            RestApiId: { Ref: 'Api' },
            Stage: { Ref: 'Stage' },
            BasePath: 'v1',
          },
        },
      },
    });

    expect(new URL(running.gateway.url).pathname).toBe('/v1/');
    expect((await running.send('GET /orders')).status).toBe(200);
    await running.close();
  });

  test('takes a method from X-HTTP-Method-Override, as API Gateway does', async () => {
    const running = await run();

    const { status } = await running.send('GET /orders', { headers: { 'X-HTTP-Method-Override': 'DELETE' } });

    expect(status).toBe(403);
    expect(running.gateway.requests().at(-1)?.refusedBy).toBe('routing');
    await running.close();
  });

  test.each(['a"b', 'GE T', '\\', ''])(
    'takes nothing from X-HTTP-Method-Override that is no method: %j',
    async (method) => {
      const running = await run();

      const { status } = await running.send('GET /orders', { headers: { 'X-HTTP-Method-Override': method } });

      expect(status).toBe(200);
      await running.close();
    },
  );
});
