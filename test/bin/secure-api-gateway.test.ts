import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type OrdersService, startOrdersService } from '../examples/orders/backend';

const root = join(__dirname, '../..');
const COMMAND = ['--import', 'tsx', join(root, 'bin/secure-api-gateway.ts')];

const { version } = require('../../package.json');

describe('secure-api-gateway', () => {
  test('prints its version and its commands', () => {
    expect(run('--version')).toMatchObject({ status: 0, stdout: `${version}\n` });
    expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('local [options]') });
  });

  test.each([
    ['an unknown command', ['serve'], "unknown command 'serve'"],
    ['an unknown option', ['local', '--prot', '1'], '(Did you mean --port?)'],
    ['a port that is none', ['local', '--port', 'x'], 'write a port from 0 to 65535'],
    ['a backend without address', ['local', '--backend', 'orders'], 'write name=value'],
  ])('answers %s with 2 and the remedy', (_, given, remedy) => {
    const { status, stderr } = run(...given);

    expect(status).toBe(2);
    expect(stderr).toContain(remedy);
  });

  test('answers an app that does not synthesize with 1, what it printed, and no stack of ours', () => {
    const { status, stderr } = run('local', '--app', 'echo it broke >&2; exit 3');

    expect(status).toBe(1);
    expect(stderr).toBe(
      'it broke\nsynthesis: echo it broke >&2; exit 3 ended with 3; mend what it printed [SYNTHESIS_FAILED]\n',
    );
  });
});

describe('secure-api-gateway local', () => {
  let service: OrdersService;
  let command: ChildProcess;
  let lines: AsyncIterableIterator<string>;

  beforeAll(async () => {
    service = await startOrdersService();
    command = spawn(
      process.execPath,
      [
        ...COMMAND,
        ...['local', '--json', '--port', '0', '--idp', '--audience', 'orders', '--scopes', 'orders:read'],
        ...['--app', 'node --import tsx bin/app.ts', '--backend', `orders=${service.url}`],
      ],
      { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] },
    );
    if (!command.stdout) throw new Error('no output');
    lines = createInterface({ input: command.stdout })[Symbol.asyncIterator]();
  });

  afterAll(() => service.close());

  test('serves the app, with a token that its own provider issued, until it is told to stop', async () => {
    const started = await nextLine();
    expect(started).toMatchObject({
      event: 'started',
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/prod\/$/),
    });

    const response = await fetch(`${started.url}orders`, {
      headers: { Authorization: `Bearer ${started.token}` },
    });
    expect(response.status).toBe(200);
    expect(await nextLine()).toMatchObject({
      event: 'request',
      method: 'GET',
      path: '/prod/orders',
      status: 200,
    });

    const refused = await fetch(`${started.url}orders`);
    expect(refused.status).toBe(401);
    expect(await nextLine()).toMatchObject({ event: 'request', status: 401, refusedBy: 'authentication' });

    command.kill('SIGTERM');
    expect(await once(command, 'exit')).toEqual([0, null]);
  }, 60_000);

  async function nextLine() {
    const { value } = await lines.next();
    return JSON.parse(value);
  }
});

function run(...given: string[]) {
  return spawnSync(process.execPath, [...COMMAND, ...given], {
    encoding: 'utf8',
    cwd: __dirname,
    env: { ...process.env, NO_COLOR: '1' },
  });
}
