import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { AuthorizerConfiguration } from '../../../lib/protocol/authorizer-configuration';
import type { Policy } from '../../../lib/protocol/policy';
import { answer, startService } from '../shared/service';
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

interface Answer {
  readonly usageIdentifierKey?: string;
  readonly context?: Readonly<Record<string, string>>;
}

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
function run(
  bundle: string,
  configuration: Partial<AuthorizerConfiguration> = {},
  environment: Readonly<Record<string, string>> = {},
  prepare: (folder: string) => void = () => {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'authorizer-'));
  folders.push(folder);
  cpSync(join(BUNDLES, bundle), folder, { recursive: true });
  writeFileSync(join(folder, 'policy.json'), JSON.stringify(POLICY));
  writeFileSync(join(folder, 'ca.pem'), server.authority);
  prepare(folder);
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
      ...environment,
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
      new Promise<{ value?: Answer; error?: string }>((resolve) => {
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

function signingKeys(): string {
  const key = (kid: string) => ({
    ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
    kid,
  });
  return JSON.stringify({ current: key('current'), next: key('next') });
}

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

  test('answers by keys baked in before it loads what fetches them', async () => {
    const schemes = { customer: jwtConfiguration({ snapshot: 'keys.json' }) };
    const { call, end } = run('authorizer', { schemes }, {}, (folder) => {
      writeFileSync(join(folder, 'keys.json'), JSON.stringify({ fetchedAt: Date.now(), keys: [KEY.jwk] }));
      rmSync(join(folder, 'key-fetcher.js'));
    });

    expect((await call(withToken(fresh()))).value).toMatchObject({
      usageIdentifierKey: PLAN_KEYS.authenticated,
    });
    expect(await end()).toContain('KeySetUnavailable');
  });

  test('judges parameters', async () => {
    const { call, end } = run('authorizer');

    const refused = await call({ method: 'POST' });
    expect(refused.value).toMatchObject({ usageIdentifierKey: PLAN_KEYS.contractRefusal });
    const passed = await call({ method: 'POST', query: { page: ['1'] } });
    expect(passed.value).toMatchObject({ usageIdentifierKey: PLAN_KEYS.anonymous });
    await end();
  });

  test('is small where callers bring JWTs only, and loads nothing but what Node has', () => {
    const text = readFileSync(join(BUNDLES, 'authorizer/index.js'), 'utf8');
    const loaded = new Set(
      [...text.matchAll(/require\(([^)]*)\)/g)].map(([, name = '']) => name.slice(1, -1)),
    );

    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(30_000);
    expect([...loaded].filter((name) => !name.startsWith('node:')).sort()).toEqual([
      './contract-judge',
      './key-fetcher',
      './signer',
    ]);
    // neither the SDK nor our own client of AWS, which reads the key of the identity
    expect(/AWS4-HMAC|aws-sdk|smithy|X-Amz-(?!Security-Token)/i.exec(text)?.[0]).toBeUndefined();
  });

  test.each(['authorizer-with-store', 'authorizer-with-decryption'])('holds no SDK: %s', (bundle) => {
    expect(readFileSync(join(BUNDLES, bundle, 'index.js'), 'utf8')).not.toMatch(/aws-sdk|smithy/i);
  });

  test('signs the identity with a key it fetches, and reaches no backend without', async () => {
    const secrets = await startService(answer({ SecretString: signingKeys() }));
    const signing = { issuer: 'Orders/Gateway', secretArn: 'arn:key' };
    const { call, end } = run(
      'authorizer',
      { signing },
      { AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint },
    );

    expect((await call(withToken(fresh()))).value?.context?.['identity']).toMatch(/^Bearer eyJ/);
    expect(secrets.calls).toMatchObject([{ operation: 'GetSecretValue', input: { SecretId: 'arn:key' } }]);
    await end();

    secrets.behave = answer({ SecretString: 'not yet rotated' });
    const early = run('authorizer', { signing }, { AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint });
    expect(await early.call(withToken(fresh()))).toEqual({ error: 'Internal' });
    await early.end();
    await secrets.close();
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

  const encrypted = {
    ...jwtConfiguration(),
    decryption: { secretArn: 'arn:key', algorithms: ['RSA-OAEP-256'] },
  };
  const machine = { kind: 'apiKey', prefix: 'sk', environment: 'test' } as const;

  test.each<[string, string, Partial<AuthorizerConfiguration>, string]>([
    ['a kind of scheme', 'authorizer', { schemes: { machine } }, 'does not serve schemes of kind apiKey'],
    ['encrypted tokens', 'authorizer', { schemes: { customer: encrypted } }, 'does not decrypt tokens'],
    [
      'encrypted tokens',
      'authorizer-with-store',
      { schemes: { customer: encrypted } },
      'does not decrypt tokens',
    ],
    ['tenants', 'authorizer', { tenants: {} }, 'no store'],
    ['API keys without a table', 'authorizer-with-store', { schemes: { machine } }, 'names no table'],
    [
      'baked-in keys that are not there',
      'authorizer',
      { schemes: { customer: jwtConfiguration({ snapshot: 'keys.json' }) } },
      'keys.json',
    ],
    [
      'baked-in keys that are none',
      'authorizer',
      { schemes: { customer: jwtConfiguration({ snapshot: 'policy.json' }) } },
      'not a snapshot of keys',
    ],
  ])('does not start where it cannot serve %s: %s', async (_, bundle, configuration, expected) => {
    const { end } = run(bundle, configuration);

    expect(await end()).toContain(expected);
  });
});
