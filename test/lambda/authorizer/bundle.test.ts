import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buildSync } from 'esbuild';
import type { AuthorizerConfiguration } from '../../../lib/protocol/authorizer-configuration';
import type { Policy } from '../../../lib/protocol/policy';
import { authorizerEvent, type EventOptions } from './event';
import { answerJson, startServer, type TestServer } from './https-server';
import { apiKey, type KeyTable, keyItem, startKeyTable, TABLE } from './store/key-table';
import { signingKey, token } from './tokens';
import { jwtConfiguration, operation, PLAN_KEYS } from './under-test';

const ROOT = join(__dirname, '../../..');
const BUNDLES = join(ROOT, 'dist/lambda');
const KEY = signingKey('RS256', 'one');
const MACHINE = apiKey('bundle');

const POLICY: Policy = {
  version: 1,
  schemes: { customer: { in: 'authorization' }, machine: { in: 'header', name: 'x-api-key' } },
  operations: {
    'GET /orders': operation(),
    'PUT /orders': operation({ security: [{ machine: [] }] }),
    'POST /orders': operation({
      security: [],
      parameters: [{ name: 'page', in: 'query', required: true, value: {} }],
    }),
  },
};

// one message a call, answers in order; the process ends with its parent
const PROGRAM = `
  const { handler } = require(process.argv[1] + '/index.js');
  process.on('message', (event) => handler(event, {}).then(
    (value) => process.send({ value }),
    (error) => process.send({ error: error.message }),
  ));
`;

let server: TestServer;
let table: KeyTable;
const folders: string[] = [];

beforeAll(async () => {
  server = await startServer(answerJson({ keys: [KEY.jwk] }));
  table = await startKeyTable();
  await table.put(keyItem(MACHINE));
});

afterAll(async () => {
  await server.close();
  await table.close();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** The bundle as Lambda runs it: its own process, its own folder, configured by environment and files alone. */
function run(bundle: string, configuration: Partial<AuthorizerConfiguration> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'authorizer-'));
  folders.push(folder);
  cpSync(join(BUNDLES, bundle), folder, { recursive: true });
  writeFileSync(join(folder, 'policy.json'), JSON.stringify(POLICY));
  writeFileSync(join(folder, 'ca.pem'), server.authority);
  const complete = {
    schemes: { customer: jwtConfiguration({ jwksUri: `${server.url}/jwks` }) },
    planKeys: PLAN_KEYS,
    revokeWithinSeconds: 30,
    ...configuration,
  };
  const child = spawn(process.execPath, ['--no-warnings', '-e', PROGRAM, folder], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      GATEWAY_CONFIGURATION: JSON.stringify(complete),
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    },
  }) as ChildProcessByStdio<null, Readable, Readable>;
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const ended = Promise.all([once(child, 'exit'), once(child.stdout, 'end'), once(child.stderr, 'end')]);
  return {
    call: (options: EventOptions) =>
      new Promise<{ value?: { usageIdentifierKey?: string }; error?: string }>((resolve) => {
        child.once('message', (message: object) => resolve(message));
        child.send(authorizerEvent(options));
      }),
    end: async () => {
      if (child.connected) child.disconnect();
      await ended;
      return output;
    },
  };
}

const fresh = (claims: object = {}) => {
  const now = Math.floor(Date.now() / 1000);
  return token(KEY, {
    iss: jwtConfiguration().issuer,
    aud: 'orders',
    sub: 'alice',
    iat: now,
    exp: now + 60,
    ...claims,
  });
};

const withToken = (text: string): EventOptions => ({ headers: { Authorization: `Bearer ${text}` } });

describe('bundled authorizer', () => {
  test('fetches keys over TLS and decides', async () => {
    const { call, end } = run('authorizer');
    const bad = fresh({ aud: 'billing' });

    expect((await call(withToken(fresh()))).value).toMatchObject({
      usageIdentifierKey: PLAN_KEYS.authenticated,
    });
    expect(await call(withToken(bad))).toEqual({ error: 'Unauthorized' });
    const log = await end();
    expect(log).toContain('WRONG_AUDIENCE');
    expect(log).not.toContain(bad.split('.')[2]);
  });

  test('judges parameters', async () => {
    const { call, end } = run('authorizer');

    const refused = await call({ method: 'POST' });
    expect(refused.value).toMatchObject({ usageIdentifierKey: PLAN_KEYS.contractRefusal });
    const passed = await call({ method: 'POST', query: { page: ['1'] } });
    expect(passed.value).toMatchObject({ usageIdentifierKey: PLAN_KEYS.anonymous });
    await end();
  });

  test('is small where callers bring JWTs only', () => {
    const { outputFiles } = buildSync({
      entryPoints: [join(ROOT, 'lambda/shared/secret-reader.ts')],
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      minify: true,
      write: false,
    });
    // what reads the key of the backends' identity is counted apart
    const keyReader = outputFiles[0]?.contents.byteLength ?? 0;

    expect(keyReader).toBeLessThan(8_000);
    expect(statSync(join(BUNDLES, 'authorizer/index.js')).size - keyReader).toBeLessThan(33_000);
  });

  test('reads API keys from DynamoDB', async () => {
    const { call, end } = run('authorizer-with-store', {
      table: TABLE,
      schemes: {
        machine: { kind: 'apiKey', prefix: 'sk', environment: 'test' },
        customer: jwtConfiguration(),
      },
    });

    expect((await call({ method: 'PUT', headers: { 'x-api-key': MACHINE.key } })).value).toMatchObject({
      usageIdentifierKey: PLAN_KEYS.tiers.pro,
    });
    expect(await call({ method: 'PUT', headers: { 'x-api-key': apiKey('stranger').key } })).toEqual({
      error: 'Unauthorized',
    });
    expect(await end()).not.toContain(MACHINE.key.slice(-20));
  });

  test('does not start where it does not serve a kind of scheme', async () => {
    const { end } = run('authorizer', {
      schemes: { machine: { kind: 'apiKey', prefix: 'sk', environment: 'test' } },
    });

    expect(await end()).toContain('does not serve schemes of kind apiKey');
  });
});
