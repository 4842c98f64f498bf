import { createHash, createHmac } from 'node:crypto';
import {
  type Agent,
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  request as plain,
} from 'node:http';

/** One service, spoken to in AWS's JSON protocol. */
export interface AwsService {
  /** As signatures name it: `dynamodb`. */
  readonly name: string;
  /** Suffix of the environment variable that moves the endpoint: `DYNAMODB` of `AWS_ENDPOINT_URL_DYNAMODB`. */
  readonly variable: string;
  /** Before the operation in `X-Amz-Target`: `DynamoDB_20120810`. */
  readonly target: string;
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
}

/** What the service answered, if not 200. */
export class AwsCallError extends Error {
  public override readonly name = 'AwsCallError';

  constructor(
    /** Without its namespace: `ConditionalCheckFailedException`. */
    public readonly type: string,
    public readonly answer: Readonly<Record<string, unknown>>,
  ) {
    super(type);
  }
}

export type AwsCall = (
  operation: string,
  input: object,
  signal?: AbortSignal,
) => Promise<Readonly<Record<string, unknown>>>;

const LONGEST_ANSWER = 1024 * 1024;

/**
 * A client of a fifth of the SDK's cost: one signed request over a connection that is kept, tried once. What it
 * leaves out (retries, other credentials than the function's) is not wanted where an answer is due within 100 ms.
 */
export function awsCaller(service: AwsService, environment: NodeJS.ProcessEnv = process.env): AwsCall {
  const region = environment['AWS_REGION'] ?? 'us-east-1';
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const endpoint = new URL(
    environment[`AWS_ENDPOINT_URL_${service.variable}`] ?? `https://${service.name}.${region}.${suffix}`,
  );
  const send = sender(endpoint);

  return async (operation, input, signal) => {
    const body = JSON.stringify(input);
    const headers: Record<string, string> = {
      host: endpoint.host,
      'content-type': service.contentType,
      'x-amz-target': `${service.target}.${operation}`,
      'x-amz-date': new Date().toISOString().replace(/[:-]|\.\d{3}/g, ''),
      // credentials of a function change while it lives
      ...(environment['AWS_SESSION_TOKEN'] && { 'x-amz-security-token': environment['AWS_SESSION_TOKEN'] }),
    };
    headers['authorization'] = authorization({ headers, body, region, service: service.name, environment });
    // whatever is not signed may be added after
    headers['content-length'] = String(Buffer.byteLength(body));

    const { status, text } = await send(headers, body, signal);
    if (status === 200) return JSON.parse(text || '{}') as Record<string, unknown>;
    const answer = refusalIn(text);
    const type = String(answer['__type'] ?? `status ${status}`);
    throw new AwsCallError(type.slice(type.indexOf('#') + 1), answer);
  };
}

/** What stands between may refuse in another language than the service's. */
function refusalIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return { ...(JSON.parse(text) as object | null) };
  } catch {
    return {};
  }
}

interface Signing {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly region: string;
  readonly service: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Signature version 4 of a POST to `/`. */
function authorization({ headers, body, region, service, environment }: Signing): string {
  const names = Object.keys(headers).sort();
  const signed = names.join(';');
  const canonical = [
    'POST',
    '/',
    '',
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    signed,
    sha256(body),
  ].join('\n');

  const time = headers['x-amz-date'] ?? '';
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const key = signingKey(environment['AWS_SECRET_ACCESS_KEY'] ?? '', scope);
  const signature = createHmac('sha256', key)
    .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`)
    .digest('hex');
  const credential = `${environment['AWS_ACCESS_KEY_ID'] ?? ''}/${scope}`;
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signed}, Signature=${signature}`;
}

let lastKey: { readonly secret: string; readonly scope: string; readonly key: Buffer } | undefined;

/** Four digests, and the same all day. */
function signingKey(secret: string, scope: string): Buffer {
  if (lastKey?.secret === secret && lastKey.scope === scope) return lastKey.key;
  const key = scope
    .split('/')
    .reduce<Buffer>(
      (parent, part) => createHmac('sha256', parent).update(part).digest(),
      Buffer.from(`AWS4${secret}`),
    );
  lastKey = { secret, scope, key };
  return key;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

type Send = (
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal | undefined,
) => Promise<{ status: number; text: string }>;

type Request = (options: object, onAnswer: (answer: IncomingMessage) => void) => ClientRequest;

/** `node:https` is loaded when first needed, as in `https-exchange`. */
function sender(endpoint: URL): Send {
  const connect = once(async (): Promise<{ request: Request; agent: Agent }> => {
    if (endpoint.protocol !== 'https:') return { request: plain, agent: new HttpAgent({ keepAlive: true }) };
    const { Agent: HttpsAgent, request } = await import('node:https');
    return { request, agent: new HttpsAgent({ keepAlive: true }) };
  });
  const { hostname, port, pathname } = endpoint;
  const target = { method: 'POST', hostname: hostname.replace(/^\[|\]$/g, ''), port, path: pathname };

  return async (headers, body, signal) => {
    const { request, agent } = await connect();
    return new Promise((resolve, reject) => {
      const outgoing = request({ ...target, headers, agent }, (answer) => {
        collect(answer, outgoing, reject, (text) => {
          release();
          resolve({ status: answer.statusCode ?? 0, text });
        });
      });
      const release = endWith(signal, outgoing);
      outgoing.on('error', (error) => {
        release();
        reject(error);
      });
      outgoing.end(body);
    });
  };
}

function collect(
  answer: IncomingMessage,
  outgoing: ClientRequest,
  reject: (error: Error) => void,
  resolve: (text: string) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  answer.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= LONGEST_ANSWER) return chunks.push(chunk);
    // not by its error: see `https-exchange`
    reject(new Error('answer is too long'));
    outgoing.destroy();
  });
  answer.on('error', reject);
  answer.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
}

/** Ends a request when the signal says so, until released. The `signal` option of a request costs thrice as much. */
function endWith(signal: AbortSignal | undefined, outgoing: ClientRequest): () => void {
  if (signal === undefined) return () => undefined;
  const abort = () => outgoing.destroy(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  return () => signal.removeEventListener('abort', abort);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
