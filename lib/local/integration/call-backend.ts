import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import {
  Agent as HttpsAgent,
  type RequestOptions as HttpsRequestOptions,
  request as httpsRequest,
} from 'node:https';
import { type HeaderList, headerList } from '../pipeline/header-list';
import type { BackendRequest } from './backend-request';

/** What a private service answered, or how it failed to. */
export type BackendAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: HeaderList; readonly body: Buffer }
  | { readonly kind: 'failure'; readonly reason: string }
  | { readonly kind: 'timeout' };

/** Longest response body API Gateway passes on. */
const MAXIMUM_RESPONSE_BYTES = 10 * 1024 * 1024;

/** What the gateway shows of itself to private services. */
export interface BackendTls {
  /** Client certificate, PEM. */
  readonly cert?: string;
  readonly key?: string;
  /** Authorities to trust beside the public ones, PEM. */
  readonly ca?: string;
}

/** Below the 5 s after which Node's servers, for one, close an idle connection. */
const IDLE_MILLIS = 3_000;

const CONNECTIONS = { keepAlive: true, maxSockets: 256, timeout: IDLE_MILLIS };

/** May be sent a second time without doing a thing twice (RFC 9110 section 9.2.2). */
const IDEMPOTENT = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'];

type Connect = (options: HttpsRequestOptions) => ClientRequest;

/**
 * Calls private services: over kept-alive connections where a request may be sent a second time, should the
 * service have closed its end meanwhile; over a fresh one where it may not.
 */
export class BackendCaller {
  private readonly http = new HttpAgent(CONNECTIONS);
  private readonly https: HttpsAgent;
  private readonly freshHttp = new HttpAgent();
  private readonly freshHttps: HttpsAgent;

  constructor(tls: BackendTls = {}) {
    this.https = new HttpsAgent({ ...CONNECTIONS, ...tls });
    this.freshHttps = new HttpsAgent(tls);
  }

  public async call(
    backendRequest: BackendRequest,
    timeoutMillis: number,
    insecure: boolean,
  ): Promise<BackendAnswer> {
    const { target, path, method, headers, body } = backendRequest;
    const { hostname, port, protocol } = new URL(target.local);
    const secure = protocol === 'https:';
    const options = {
      // Node wants a bare IPv6 address
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port || (secure ? 443 : 80),
      method,
      path,
      setHost: false,
      ...(secure && { servername: new URL(target.uri).hostname, rejectUnauthorized: !insecure }),
      agent: this.agentFor(secure, IDEMPOTENT.includes(method)),
      headers: withLength(headers, method, body).flat(),
    };
    try {
      return await send(secure ? httpsRequest : httpRequest, options, body, timeoutMillis);
    } catch (cause) {
      // a header that HTTP cannot carry
      return { kind: 'failure', reason: cause instanceof Error ? cause.message : String(cause) };
    }
  }

  public close(): void {
    for (const agent of [this.http, this.https, this.freshHttp, this.freshHttps]) agent.destroy();
  }

  private agentFor(secure: boolean, repeatable: boolean): HttpAgent {
    if (secure) return repeatable ? this.https : this.freshHttps;
    return repeatable ? this.http : this.freshHttp;
  }
}

function send(
  connect: Connect,
  options: HttpsRequestOptions,
  body: Buffer,
  timeoutMillis: number,
): Promise<BackendAnswer> {
  return new Promise((settle, reject) => {
    const request = connect(options);
    const timer = setTimeout(() => {
      settle({ kind: 'timeout' });
      request.destroy();
    }, timeoutMillis);
    const finish = (answer: BackendAnswer) => {
      clearTimeout(timer);
      settle(answer);
    };
    request.on('error', (error: NodeJS.ErrnoException) => {
      const closedMeanwhile = request.reusedSocket && error.code === 'ECONNRESET';
      if (!closedMeanwhile || !IDEMPOTENT.includes(options.method ?? '')) {
        finish({ kind: 'failure', reason: error.code ?? error.message });
        return;
      }
      clearTimeout(timer);
      send(connect, options, body, timeoutMillis).then(settle, reject);
    });
    request.on('response', (response) => receive(request, response, finish));
    request.end(body);
  });
}

function receive(
  request: ClientRequest,
  response: IncomingMessage,
  finish: (answer: BackendAnswer) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= MAXIMUM_RESPONSE_BYTES) chunks.push(chunk);
    else request.destroy(new Error('the response is longer than 10 MB'));
  });
  response.on('error', (error) => finish({ kind: 'failure', reason: error.message }));
  response.on('end', () =>
    finish({
      kind: 'answer',
      status: response.statusCode ?? 502,
      headers: headerList(response.rawHeaders),
      body: Buffer.concat(chunks),
    }),
  );
}

function withLength(headers: HeaderList, method: string, body: Buffer): HeaderList {
  const expected = body.length > 0 || ['POST', 'PUT', 'PATCH'].includes(method);
  return expected ? [...headers, ['Content-Length', String(body.length)]] : headers;
}
