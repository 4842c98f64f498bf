// npx tsx bench/coldstart.ts [--json]
//
// What a fresh instance needs for its code and its first decision, beside functions that do the same with other
// means. Every sample is a new process on Node 24. Servers are on this machine, over TLS where they would be.
// Needs `npm ci` in bench/ and `npm run build:lambda` once.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { AuthorizerConfiguration } from '../lib/protocol/authorizer-configuration';
import type { Policy } from '../lib/protocol/policy';
import { authorizerEvent } from '../test/lambda/authorizer/event';
import { AUDIENCE, ISSUER, jwtConfiguration, operation, PLAN_KEYS } from '../test/lambda/authorizer/fixtures';
import { answerJson, startServer } from '../test/lambda/authorizer/https-server';
import { apiKey, keyItem, startKeyTable, TABLE } from '../test/lambda/authorizer/store/key-table';
import { signingKey, token } from '../test/lambda/authorizer/tokens';
import { startService } from '../test/lambda/shared/service';
import { node24 } from './on-node-24';
import { median, printTable } from './rounds';

const SAMPLES = 101;
const BUNDLES = join(__dirname, '../dist/lambda');

interface Sample {
  readonly load: number;
  readonly total: number;
}

interface Candidate {
  readonly name: string;
  readonly folder: string;
  readonly event: unknown;
  readonly environment: Readonly<Record<string, string>>;
}

// the clock starts when Node is up: its own start is everyone's
const PROGRAM = `
  const started = performance.now();
  const { handler } = require(process.argv[1] + '/index.js');
  const load = performance.now() - started;
  handler(JSON.parse(process.argv[2]), { getRemainingTimeInMillis: () => 3000 }).then((answer) => {
    const total = performance.now() - started;
    if (!JSON.stringify(answer).includes('Allow')) throw new Error('not allowed');
    require('node:fs').writeSync(1, JSON.stringify({ load, total }));
    process.exit();
  });
`;

function sample({ folder, event, environment }: Candidate): Promise<Sample> {
  return new Promise((resolve, reject) => {
    const child = spawn(node24(), ['--no-warnings', '-e', PROGRAM, folder, JSON.stringify(event)], {
      env: environment as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.on('exit', (code) =>
      code === 0 ? resolve(JSON.parse(output)) : reject(new Error(errors || output)),
    );
  });
}

const root = mkdtempSync(join(tmpdir(), 'coldstart-'));

/** The shipped bundle, as a gateway would configure it. */
function ours(bundle: string, policy: Policy, files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(root, 'ours-'));
  cpSync(join(BUNDLES, bundle), folder, { recursive: true });
  for (const [name, text] of Object.entries({ ...files, 'policy.json': JSON.stringify(policy) })) {
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Another function, bundled by esbuild's defaults as most are. */
function theirs(source: string): string {
  const folder = mkdtempSync(join(root, 'theirs-'));
  mkdirSync(folder, { recursive: true });
  buildSync({
    stdin: { contents: source, resolveDir: __dirname },
    outfile: join(folder, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    logLevel: 'error',
  });
  return folder;
}

const AWS_JWT_VERIFY = `
  import middy from '@middy/core';
  import { JwtVerifier } from 'aws-jwt-verify';
  const verifier = JwtVerifier.create(JSON.parse(process.env.VERIFIER));
  export const handler = middy().handler(async (event) => {
    const { sub } = await verifier.verify(event.headers.Authorization.slice(7));
    return { principalId: sub, policyDocument: { Statement: [{ Effect: 'Allow' }] } };
  });
`;

const SDK_KEYS = `
  import { createHash } from 'node:crypto';
  import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
  const client = new DynamoDBClient({});
  export const handler = async (event) => {
    const key = event.headers['X-Api-Key'];
    const { Item } = await client.send(new GetItemCommand({
      TableName: '${TABLE}', Key: { pk: { S: 'key#' + key.split('_')[2].slice(0, 12) } }, ConsistentRead: true,
    }));
    const good = Item.hash.S === createHash('sha256').update(key).digest('hex');
    return { principalId: 'x', policyDocument: { Statement: [{ Effect: good ? 'Allow' : 'Deny' }] } };
  };
`;

async function main(): Promise<void> {
  const keys = ['RS256', 'ES256', 'RS256'].map((alg, index) => signingKey(alg, `key-${index}`));
  const key = keys[0] ?? signingKey('RS256');
  const jwks = { keys: keys.map(({ jwk }) => jwk) };
  const server = await startServer(answerJson(jwks));
  const table = await startKeyTable();
  const identityKey = signingKey('ES256', 'identity').privateKey.export({ format: 'jwk' });
  const SecretString = JSON.stringify({
    current: { ...identityKey, kid: 'current' },
    next: { ...identityKey, kid: 'next' },
  });
  const secrets = await startService((response) => response.end(JSON.stringify({ SecretString })));
  const machine = apiKey('cold');
  await table.put(keyItem(machine));

  const now = Math.floor(Date.now() / 1000);
  const text = token(key, { iss: ISSUER, aud: AUDIENCE, sub: 'alice', iat: now, exp: now + 3_600 });
  const ca = join(root, 'ca.pem');
  writeFileSync(ca, server.authority);
  const jwtEvent = authorizerEvent({ headers: { Authorization: `Bearer ${text}` } });
  const keyEvent = authorizerEvent({ headers: { 'X-Api-Key': machine.key } });
  const jwtPolicy: Policy = {
    version: 1,
    schemes: { customer: { in: 'authorization' } },
    operations: { 'GET /orders': operation() },
  };
  const keyPolicy: Policy = {
    version: 1,
    schemes: { machine: { in: 'header', name: 'x-api-key' } },
    operations: { 'GET /orders': operation({ security: [{ machine: [] }] }) },
  };
  const configured = (changes: Partial<AuthorizerConfiguration>) => ({
    NODE_EXTRA_CA_CERTS: ca,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    GATEWAY_CONFIGURATION: JSON.stringify({ planKeys: PLAN_KEYS, revokeWithinSeconds: 30, ...changes }),
    VERIFIER: JSON.stringify({ issuer: ISSUER, audience: AUDIENCE, jwksUri: `${server.url}/jwks` }),
  });
  const scheme = jwtConfiguration({ jwksUri: `${server.url}/jwks` });
  const snapshot = JSON.stringify({ issuer: ISSUER, fetchedAt: Date.now(), ...jwks });

  const candidates: Candidate[] = [
    {
      name: 'aws-jwt-verify + middy, fetches keys',
      folder: theirs(AWS_JWT_VERIFY),
      event: jwtEvent,
      environment: configured({}),
    },
    {
      name: 'ours, fetches keys',
      folder: ours('authorizer', jwtPolicy),
      event: jwtEvent,
      environment: configured({ schemes: { customer: scheme } }),
    },
    {
      name: 'ours, keys baked in',
      folder: ours('authorizer', jwtPolicy, { 'keys.json': snapshot }),
      event: jwtEvent,
      environment: configured({ schemes: { customer: { ...scheme, snapshot: 'keys.json' } } }),
    },
    {
      name: 'ours, keys baked in, signs an identity with a key it fetches',
      folder: ours('authorizer', jwtPolicy, { 'keys.json': snapshot }),
      event: jwtEvent,
      environment: configured({
        schemes: { customer: { ...scheme, snapshot: 'keys.json' } },
        signing: { issuer: 'Orders/Gateway', secretArn: 'signing' },
      }),
    },
    {
      name: 'SDK client for DynamoDB, bundled by default',
      folder: theirs(SDK_KEYS),
      event: keyEvent,
      environment: configured({}),
    },
    {
      name: 'ours, API key from DynamoDB',
      folder: ours('authorizer-with-store', keyPolicy),
      event: keyEvent,
      environment: configured({
        table: TABLE,
        schemes: { machine: { kind: 'apiKey', prefix: 'sk', environment: 'test' } },
      }),
    },
  ];

  const samples = new Map<string, Sample[]>(candidates.map(({ name }) => [name, []]));
  for (let round = 0; round < SAMPLES; round += 1) {
    for (const candidate of candidates) samples.get(candidate.name)?.push(await sample(candidate));
  }
  await server.close();
  await table.close();
  await secrets.close();

  const results = candidates.map(({ name, folder }) => ({
    name,
    bytes: statSync(join(folder, 'index.js')).size,
    load: median((samples.get(name) ?? []).map(({ load }) => load)),
    total: median((samples.get(name) ?? []).map(({ total }) => total)),
  }));
  rmSync(root, { recursive: true });
  report(results);
}

interface Result {
  readonly name: string;
  readonly bytes: number;
  readonly load: number;
  readonly total: number;
}

function report(results: readonly Result[]): void {
  const total = (name: string) => results.find((result) => result.name === name)?.total ?? Number.NaN;
  const targets = [
    {
      name: 'JWT, keys baked in / aws-jwt-verify + middy that fetches',
      most: 0.4,
      measured: total('ours, keys baked in') / total('aws-jwt-verify + middy, fetches keys'),
    },
    {
      name: 'API key / default SDK bundle',
      most: 0.7,
      measured: total('ours, API key from DynamoDB') / total('SDK client for DynamoDB, bundled by default'),
    },
  ];
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ bench: 'coldstart', samples: SAMPLES, results, targets }));
    return;
  }
  printTable(
    ['milliseconds, median', 'bytes', 'load', 'load + first'],
    results.map(({ name, bytes, load, total }) => [name, String(bytes), load.toFixed(1), total.toFixed(1)]),
  );
  console.log('');
  printTable(
    ['target', 'at most', 'measured', ''],
    targets.map(({ name, most, measured }) => [
      name,
      String(most),
      measured.toFixed(3),
      measured <= most ? 'met' : 'MISSED',
    ]),
  );
}

void main();
