import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { awsCaller } from '../../../lambda/shared/aws-call';
import { DYNAMODB } from '../../../lambda/shared/dynamodb';
import { itemReader, type ReadItem } from '../../../lambda/shared/item-reader';
import { answer, type Behaviour, environment, refuse, startService, type TestService } from './service';
import { withinASecond } from './within-a-second';

const ITEM = { Item: { pk: { S: 'key#1' }, count: { N: '7' } } };
const saved = { ...process.env };

let service: TestService;
let read: ReadItem;

beforeEach(async () => {
  service = await startService(answer(ITEM));
  Object.assign(process.env, environment(service.endpoint));
  read = itemReader('keys');
});

afterEach(async () => {
  process.env = { ...saved };
  await service.close();
});

const hang: Behaviour = () => {};
const text =
  (body: string, status = 200): Behaviour =>
  (response) =>
    response.writeHead(status).end(body);

describe('item reader', () => {
  test('reads consistently, by key, from its table', async () => {
    await expect(read('key#1')).resolves.toEqual({ pk: 'key#1', count: 7 });

    expect(service.calls).toMatchObject([
      {
        operation: 'GetItem',
        input: { TableName: 'keys', Key: { pk: { S: 'key#1' } }, ConsistentRead: true },
      },
    ]);
  });

  test('answers undefined where there is no item', async () => {
    service.behave = answer({});

    await expect(read('key#1')).resolves.toBeUndefined();
  });

  test.each<[string, Behaviour]>([
    ['is throttled', refuse('ProvisionedThroughputExceededException')],
    ['fails inside', refuse('InternalServerError', 500)],
    ['closes the connection', (response) => response.socket?.destroy()],
    ['answers no JSON', text('<html>', 503)],
    ['does not answer', hang],
  ])('tries again where the table %s once', async (_, fault) => {
    service.behave = (response, call, count) => (count === 1 ? fault : answer(ITEM))(response, call, count);

    await withinASecond(expect(read('key#1')).resolves.toEqual({ pk: 'key#1', count: 7 }));
    expect(service.calls).toHaveLength(2);
  });

  test.each<[string, Behaviour]>([
    ['is throttled', refuse('ThrottlingException')],
    ['fails inside', refuse('InternalServerError', 500)],
    ['closes the connection', (response) => response.socket?.destroy()],
    ['does not answer', hang],
    [
      'drips',
      (response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
    ['answers no JSON', text('<html>')],
  ])('fails within a second where the table %s again and again', async (_, fault) => {
    service.behave = fault;

    await withinASecond(expect(read('key#1')).rejects.toThrow());
    expect(service.calls.length).toBeLessThanOrEqual(3);
  });

  test.each([
    'AccessDeniedException',
    'ResourceNotFoundException',
    'UnrecognizedClientException',
    'ValidationException',
  ])('does not try again what cannot succeed: %s', async (type) => {
    service.behave = refuse(type);

    await expect(read('key#1')).rejects.toThrow(type);
    expect(service.calls).toHaveLength(1);
  });

  test('fails within a second where nobody listens', async () => {
    await service.close();

    await withinASecond(expect(read('key#1')).rejects.toThrow());
    service = await startService(answer(ITEM));
  });

  test('serves on over another connection when the one it kept has died', async () => {
    await read('key#1');
    service.behave = (response, call, count) => {
      if (count === 2) response.socket?.destroy();
      else answer(ITEM)(response, call, count);
    };

    await expect(read('key#1')).resolves.toBeDefined();
  });
});

type SourceData = string | ArrayBuffer | ArrayBufferView;

function bytesOf(data: SourceData): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
}

/** Digests as the SDK's signer wants them. */
class Sha256 {
  private readonly hash: Hash | Hmac;

  constructor(secret?: SourceData) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  public update(data: SourceData): void {
    this.hash.update(bytesOf(data));
  }

  public async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  public reset(): void {}
}

describe('signature of a call', () => {
  test.each([
    ['an item', 'GetItem', { TableName: 'keys', Key: { pk: { S: 'key#é€ \n"' } } }],
    ['nothing', 'ListTables', {}],
  ])("is the one of AWS's own signer: %s", async (_, operation, input) => {
    const call = awsCaller(DYNAMODB, environment(service.endpoint));
    await call(operation, input);

    const [sent] = service.calls;
    const headers = { ...sent?.headers } as Record<string, string>;
    const {
      host = '',
      'x-amz-date': date = '',
      'x-amz-target': target = '',
      'x-amz-security-token': sessionToken = '',
      authorization,
    } = headers;
    const signer = new SignatureV4({
      service: 'dynamodb',
      region: 'eu-west-1',
      sha256: Sha256,
      credentials: {
        accessKeyId: 'AKIDEXAMPLE',
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
        sessionToken,
      },
      applyChecksum: false,
    });
    const signed = await signer.sign(
      {
        method: 'POST',
        protocol: 'http:',
        hostname: host,
        path: '/',
        query: {},
        headers: { host, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
        body: sent?.body,
      },
      { signingDate: new Date(date.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z')) },
    );

    expect(authorization).toBe(signed.headers['authorization']);
  });
});
