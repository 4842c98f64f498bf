import { preflight } from '../../lib/definition/emit-preflight';
import { type Running, run } from './running';
import { proxied } from './template';

const A = 'https://a.example.com';
const B = 'https://b.example.com';

const answering = (origins: string[], path: string) =>
  preflight({
    path,
    cors: { origins, headers: [], exposeHeaders: [], credentials: true, maxAgeSeconds: 600 },
    methods: ['GET', 'POST'],
    headers: ['authorization', 'content-type'],
  });

const template = (responseTemplate: string) => ({
  responses: { 200: { description: '' } },
  'x-amazon-apigateway-integration': {
    type: 'mock',
    requestTemplates: { 'application/json': '{"statusCode":200}' },
    responses: {
      default: { statusCode: '200', responseTemplates: { 'application/json': responseTemplate } },
    },
  },
});

describe('a preflight', () => {
  let running: Running;

  beforeAll(async () => {
    running = await run({
      operations: {
        'GET /one': proxied('/one'),
        'OPTIONS /one': answering([A], '/one'),
        'GET /two': proxied('/two'),
        'OPTIONS /two': answering([A, B], '/two'),
        'GET /else': template('#if($nothing)a#end'),
        'GET /chosen': template('#set($x = "b")#if($x == "a")A#elseif($x == "b")B#else C#end!'),
        'GET /nested': template('#if("a" == "b")#set($y = "1")#if(!$z)A#end#else#if(!$y)B#end#end'),
        'GET /unended': template('#if("a" == "a")A'),
      },
    });
  });
  afterAll(() => running.close());

  const originOf = async (path: string, origin: string, name = 'Origin') => {
    const { status, headers } = await running.send(`OPTIONS ${path}`, { headers: { [name]: origin } });
    return [status, headers.get('access-control-allow-origin')];
  };

  test.each([A, B])('admits %s of several', async (origin) => {
    expect(await originOf('/two', origin)).toEqual([204, origin]);
  });

  test.each([
    'https://evil.example.com',
    `${A}.evil.example`,
    `${A}/`,
    `${A}:443`,
    `${A}:8443`,
    `${A}, ${B}`,
    A.toUpperCase(),
    A.replace('https', 'http'),
    A.replace('a.', 'a%2e'),
    A.slice(0, -1),
    'null',
    '*',
    '',
    '$origin',
    `${A}") #set($context.x = "`,
  ])('admits no other: %j', async (origin) => {
    expect(await originOf('/two', origin)).toEqual([204, null]);
  });

  test('sends back the only origin whoever asks, so that nothing is reflected', async () => {
    expect(await originOf('/one', A)).toEqual([204, A]);
    expect(await originOf('/one', 'https://evil.example.com')).toEqual([204, A]);
  });

  test('needs no credential and reaches no service', async () => {
    await running.send('GET /two', { headers: { 'X-Mark': 'before' } });
    await originOf('/two', A, 'origin');

    expect(running.backend.last().method).toBe('GET');
  });

  test.each([
    ['a path there is not', 'OPTIONS /none'],
    ['a path below', 'OPTIONS /one/below'],
    ['a method the path does not have', 'DELETE /one'],
  ])('is not answered for %s', async (_, request) => {
    const { status, headers } = await running.send(request, { headers: { Origin: A } });

    expect(status).toBe(403);
    expect(headers.get('access-control-allow-methods')).toBeNull();
  });

  test('reads neither query nor body, whatever they say', async () => {
    const headers = { Origin: 'https://evil.example.com', 'Content-Type': 'application/json' };
    const answer = await running.send(`OPTIONS /two?Origin=${encodeURIComponent(A)}&origin=${A}`, {
      headers,
      body: JSON.stringify({ Origin: A, statusCode: 500 }),
    });

    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.text).toBe('');
    expect(answer.status).toBe(204);
  });

  test('names methods, headers and how long that holds', async () => {
    const { headers } = await running.send('OPTIONS /two', { headers: { Origin: B } });

    expect(headers.get('access-control-allow-methods')).toBe('GET,POST');
    expect(headers.get('access-control-allow-headers')).toBe('authorization,content-type');
    expect(headers.get('access-control-max-age')).toBe('600');
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(headers.get('vary')).toBe('Origin');
  });

  test.each([
    ['/chosen', 'B!'],
    ['/nested', 'B'],
  ])('of %s takes the branch that holds', async (path, expected) => {
    expect((await running.send(`GET ${path}`)).text).toBe(expected);
  });

  test.each(['/else', '/unended'])('of %s is refused, because it is not run as AWS would', async (path) => {
    expect((await running.send(`GET ${path}`)).status).toBe(500);
  });
});
