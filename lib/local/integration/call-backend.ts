import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
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

/** Calls private services over kept-alive connections. */
export class BackendCaller {
  private readonly http = new HttpAgent({ keepAlive: true, maxSockets: 256 });
  private readonly https: HttpsAgent;

  constructor(tls: BackendTls = {}) {
    this.https = new HttpsAgent({ keepAlive: true, maxSockets: 256, ...tls });
  }

  public call(
    { target, path, method, headers, body }: BackendRequest,
    timeoutMillis: number,
    insecure: boolean,
  ): Promise<BackendAnswer> {
    return new Promise((settle) => {
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
        agent: secure ? this.https : this.http,
        headers: withLength(headers, method, body).flat(),
      };
      let timer: NodeJS.Timeout | undefined;
      const finish = (answer: BackendAnswer) => {
        clearTimeout(timer);
        settle(answer);
      };
      let request: ClientRequest;
      try {
        request = (secure ? httpsRequest : httpRequest)(options);
      } catch (cause) {
        finish({ kind: 'failure', reason: cause instanceof Error ? cause.message : String(cause) });
        return;
      }
      timer = setTimeout(() => {
        finish({ kind: 'timeout' });
        request.destroy();
      }, timeoutMillis);
      request.on('error', (error: NodeJS.ErrnoException) =>
        finish({ kind: 'failure', reason: error.code ?? error.message }),
      );
      request.on('response', (response) => {
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
      });
      request.end(body);
    });
  }

  public close(): void {
    this.http.destroy();
    this.https.destroy();
  }
}

function withLength(headers: HeaderList, method: string, body: Buffer): HeaderList {
  const expected = body.length > 0 || ['POST', 'PUT', 'PATCH'].includes(method);
  return expected ? [...headers, ['Content-Length', String(body.length)]] : headers;
}
