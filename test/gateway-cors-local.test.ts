import type { LocalGateway } from '../lib/local';
import { runGateway } from './fixtures/run-gateway';
import { startBackend, type TestBackend } from './local/backend';

const A = 'https://a.example.com';
const B = 'https://b.example.com';

describe('cors, through the synthesized template,', () => {
  let backend: TestBackend;
  const gateways: LocalGateway[] = [];

  const start = async (origins: string[]) => {
    const gateway = await runGateway(backend.url, { cors: { origins, credentials: true } });
    gateways.push(gateway);
    return (request: string, headers: Record<string, string>) => {
      const [method = 'GET', path = '/'] = request.split(' ');
      return fetch(`${gateway.url}${path.slice(1)}`, { method, headers });
    };
  };

  beforeAll(async () => {
    backend = await startBackend();
  });

  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.close()));
    await backend.close();
  });

  const refusals: [string, string, number, Record<string, string>][] = [
    ['without a credential', 'GET /orders', 401, {}],
    ['by the web ACL', 'GET /orders', 403, { 'X-User-Id': 'root' }],
    ['for a path there is not', 'GET /none', 404, {}],
    ['for a method there is not', 'DELETE /orders', 404, {}],
    ['for a preflight of a path there is not', 'OPTIONS /none', 404, {}],
  ];

  test('one origin: refusals carry it, whoever asks', async () => {
    const send = await start([A]);

    for (const origin of [A, B, 'null', '*']) {
      for (const [, request, status, headers] of refusals) {
        const answer = await send(request, { ...headers, Origin: origin });
        expect([request, answer.status]).toEqual([request, status]);
        expect(answer.headers.get('access-control-allow-origin')).toBe(A);
        expect(answer.headers.get('vary')).toContain('Origin');
      }
    }
    expect(backend.received).toHaveLength(0);
  });

  test('several origins: refusals carry none, preflights the one that asks', async () => {
    const send = await start([A, B]);

    for (const [, request, status, headers] of refusals) {
      const answer = await send(request, { ...headers, Origin: A });
      expect([request, answer.status]).toEqual([request, status]);
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    const preflight = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-evil' };
    const own = await send('OPTIONS /orders', { ...preflight, Origin: B });
    const foreign = await send('OPTIONS /orders', { ...preflight, Origin: 'https://evil.example.com' });
    expect([own.status, own.headers.get('access-control-allow-origin')]).toEqual([204, B]);
    expect(own.headers.get('access-control-allow-headers')).not.toContain('evil');
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([204, null]);
  });
});
