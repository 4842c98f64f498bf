import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { createHandler } from '../lambda/authorizer/handler';
import { Recorder } from '../lambda/authorizer/recorder';
import { ApiKeyVerifier } from '../lambda/authorizer/store/api-key-verifier';
import { RememberedItems } from '../lambda/authorizer/store/remembered-items';
import { toStoredKey } from '../lambda/authorizer/store/stored-key';
import { itemReader, type ReadItem } from '../lambda/shared/item-reader';
import { authorizerEvent } from '../test/lambda/authorizer/event';
import { operation, PLAN_KEYS } from '../test/lambda/authorizer/fixtures';
import { apiKey, keyItem } from '../test/lambda/authorizer/store/key-table';
import { measure, median } from './rounds';

const ROUNDS = 21;
const CALLS = 100;
const WARM_UP = 2_000;

const KEY = apiKey('bench');
const ITEM = JSON.stringify({ Item: keyItem(KEY, { scopes: { L: [{ S: 'orders:read' }] } }) });

const STORE = `
  const body = ${JSON.stringify(ITEM)};
  const server = require('node:http').createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': body.length }).end(body));
  });
  server.keepAliveTimeout = 60000;
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
`;

function decider(read: ReadItem, revokeWithinMillis: number) {
  const now = () => Date.now();
  const verifier = new ApiKeyVerifier(
    { kind: 'apiKey', prefix: 'sk', environment: 'test' },
    new RememberedItems(read, toStoredKey, revokeWithinMillis, now),
    now,
  );
  const handler = createHandler({
    policy: {
      version: 1,
      schemes: { machine: { in: 'header', name: 'x-api-key' } },
      operations: { 'GET /orders': operation({ security: [{ machine: ['orders:read'] }] }) },
    },
    verifiers: { machine: verifier },
    planKeys: PLAN_KEYS,
    recorder: new Recorder({ write: () => {}, now }),
    now,
  });
  const event = authorizerEvent({
    headers: { Host: 'api.example.com', Accept: '*/*', 'X-Api-Key': KEY.key },
  });
  return () => handler(event);
}

async function main(): Promise<void> {
  const store = spawn(process.execPath, ['-e', STORE], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [port] = await once(store, 'message');
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}`,
  });

  const read = itemReader('keys');
  const sdk = new DynamoDBClient({});
  const contenders: Readonly<Record<string, () => Promise<unknown>>> = {
    'our client': () => read('key#bench'),
    'decision, key read by our client': decider(read, 0),
    SDK: () =>
      sdk.send(
        new GetItemCommand({ TableName: 'keys', Key: { pk: { S: 'key#bench' } }, ConsistentRead: true }),
      ),
  };
  for (const run of Object.values(contenders)) await calls(run, WARM_UP);

  const samples: Record<string, { wall: number; cpu: number }[]> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(contenders)) {
      const taken = samples[name] ?? [];
      taken.push(await calls(run, CALLS));
      samples[name] = taken;
    }
  }
  const memory = await measure([{ name: 'remembered', run: decider(read, 3_600_000) }]);
  store.kill();
  sdk.destroy();

  const reads = Object.fromEntries(
    Object.entries(samples).map(([name, taken]) => [
      name,
      { wall: median(taken.map(({ wall }) => wall)), cpu: median(taken.map(({ cpu }) => cpu)) },
    ]),
  );
  process.stdout.write(
    JSON.stringify({ node: process.version, remembered: memory.get('remembered'), reads }),
    () => process.exit(),
  );
}

/** Microseconds a call, one after the other. */
async function calls(run: () => Promise<unknown>, count: number): Promise<{ wall: number; cpu: number }> {
  const before = process.cpuUsage();
  const started = performance.now();
  for (let call = 0; call < count; call += 1) await run();
  const { user, system } = process.cpuUsage(before);
  return { wall: ((performance.now() - started) * 1000) / count, cpu: (user + system) / count };
}

void main();
