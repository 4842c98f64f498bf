import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os, { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { Template } from 'aws-cdk-lib/assertions';
import { denyCommand } from '../../bin/deny-command';
import { type OrdersService, startOrdersService } from '../examples/orders/backend';
import { gatewayStack } from '../fixtures/gateway';

const root = join(__dirname, '../..');
const COMMAND = [
  '--import',
  pathToFileURL(require.resolve('tsx')).href,
  join(root, 'bin/secure-api-gateway.ts'),
];

const { version } = require('../../package.json');

describe('secure-api-gateway', () => {
  test('prints its version and its commands', () => {
    expect(run('--version')).toMatchObject({ status: 0, stdout: `${version}\n` });
    expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('local [options]') });
  });

  test('runs for a user who has a number and no name, as in containers', () => {
    const nameless = jest.spyOn(os, 'userInfo').mockImplementation(() => {
      throw new Error('uv_os_get_passwd returned ENOENT');
    });
    const help = denyCommand()
      .commands.map((command) => command.helpInformation())
      .join();
    nameless.mockRestore();

    expect(help).toContain(`"uid ${process.getuid?.()}@${os.hostname()}"`);
  });

  test.each([
    ['an unknown command', ['serve'], "unknown command 'serve'"],
    ['an unknown option', ['local', '--prot', '1'], '(Did you mean --port?)'],
    ['a port that is none', ['local', '--port', 'x'], 'write a port from 0 to 65535'],
    ['an audience of no provider', ['local', '--audience', 'orders'], 'without --idp there is no provider'],
    ['a backend without address', ['local', '--backend', 'orders'], 'write name=value'],
    ['no gateway named', ['deny', 'list'], 'name the gateway by --stack or --function'],
    ['a folder for a certificate', ['certificates', 'revoke', '.', '--yes'], '. cannot be read (EISDIR)'],
    [
      'a folder for an issuer',
      ['certificates', 'revoke', '--issuer', '.', '--serial', '0x1', '--yes'],
      '. cannot be read (EISDIR)',
    ],
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

  test('answers a cdk.json that is no JSON with 1, its name, and no stack of ours', () => {
    const folder = mkdtempSync(join(tmpdir(), 'settings-'));
    writeFileSync(join(folder, 'cdk.json'), '{ "app": ');

    const { status, stderr } = runIn(folder, 'local');
    rmSync(folder, { recursive: true });

    expect(status).toBe(1);
    expect(stderr).toMatch(/^synthesis: .*cdk\.json cannot be read \(.*\); mend it.* \[BAD_SETTINGS\]\n$/);
  });

  test.each(['local', 'explain', 'review', 'deny refresh', 'keys usage'])(
    'shows defaults of %s as one would write them',
    (command) => {
      const { stdout } = run(...command.split(' '), '--help');

      expect(stdout).toContain('Usage: ');
      expect(stdout).not.toMatch(/default:\s+(?:\{|\[|86400)/);
    },
  );
});

describe('secure-api-gateway explain', () => {
  const definition = ['--definition', join(root, 'test/examples/orders/openapi.yaml')];

  test('says what guards an operation, stage by stage, and where each rule stands', () => {
    const { status, stdout } = run('explain', 'delete', '/orders/{orderId}', ...definition);

    expect(status).toBe(0);
    expect(stdout).toMatch(/^DELETE \/orders\/\{orderId\} \(deleteOrder\), .*openapi\.yaml:\d+:\d+\n/);
    expect(stdout).toMatch(
      /^ 7 {2}authorization: authorizer, else 403 FORBIDDEN\n.*\n {6}one of the roles admin +.*openapi\.yaml:\d+:\d+$/m,
    );
    expect(stdout).toContain('What is left to the service');
  });

  test('asks for a template to show values of props, and says which there is none of', () => {
    expect(run('explain', 'GET', '/health', ...definition).stderr).toContain('--template cdk.out');

    const { status, stderr } = run('explain', 'GET', '/health', '--template', 'none', ...definition);
    expect(status).not.toBe(0);
    expect(stderr).toContain('there is no none');
    // whose fault it is, ours has no place in
    expect(stderr).not.toContain('    at ');
  });

  test.each([
    ['of an operation', ['GET', '/health']],
    ['of findings', ['--findings']],
    ['of the document as enforced', ['--openapi']],
  ])('answers a question %s with 1 where the template is of another API', (_, question) => {
    const folder = mkdtempSync(join(tmpdir(), 'secure-api-gateway-'));
    const template = join(folder, 'Other.template.json');
    writeFileSync(template, JSON.stringify(Template.fromStack(gatewayStack().stack).toJSON()));

    const { status, stdout, stderr } = run('explain', ...question, '--template', template, ...definition);
    rmSync(folder, { recursive: true });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^\S+openapi\.yaml:1:1: the gateway of the template was not made from this document: /,
    );
    expect(stderr).toMatch(/it has no operation "[^"]+", "[^"]+" or "[^"]+", and \d+ more/);
    expect(stderr).toMatch(/\[OTHER_API\]\n$/);
  });

  test('says the same as JSON', () => {
    const { status, stdout } = run('explain', 'GET', '/health', '--json', ...definition);

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ operation: 'GET /health', stages: expect.any(Array) });
  });

  test('lists findings, and ends with 1 if one is a warning', () => {
    const { status, stdout } = run('explain', '--findings', ...definition);

    expect(status).toBe(1);
    expect(stdout).toContain("'maxItems' is not checked at the gateway");
    expect(stdout).toMatch(/^severity +code +at +pointer +operation +what\n/);
    expect(stdout).toMatch(/\d findings: \d+ warning, \d+ info\n$/);
  });

  test('does not pass over findings where the document is asked for as well', () => {
    const { status, stdout } = run('explain', '--openapi', '--findings', ...definition);

    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  test('writes the document as enforced, in one file and without x-gateway', () => {
    const { status, stdout } = run('explain', '--openapi', ...definition);

    expect(status).toBe(0);
    expect(JSON.parse(stdout).openapi).toBe('3.1.0');
    expect(stdout).not.toContain('x-gateway');
    expect(stdout).not.toContain('components.yaml');
  });

  test('answers an operation that is not there with 1 and the nearest one', () => {
    const { status, stderr } = run('explain', 'GET', '/order', ...definition);

    expect(status).toBe(1);
    expect(stderr).toContain('(did you mean "GET /orders"?)');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('answers a call that names no operation with 2', () => {
    expect(run('explain', ...definition)).toMatchObject({ status: 2, stdout: '' });
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
      // what `keys --table … --endpoint …` asks for
      dynamodb: expect.stringMatching(/^http:/),
      tables: expect.arrayContaining([expect.stringMatching(/KeysTable/)]),
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
  return runIn(__dirname, ...given);
}

function runIn(cwd: string, ...given: string[]) {
  return spawnSync(process.execPath, [...COMMAND, ...given], {
    encoding: 'utf8',
    cwd,
    env: { ...process.env, NO_COLOR: '1' },
  });
}
