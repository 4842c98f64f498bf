import type { ServerResponse } from 'node:http';
import { Http2ServerResponse } from 'node:http2';
import type { Exchange, Response } from '../pipeline/exchange';
import type { HeaderList } from '../pipeline/header-list';

/** A response of HTTP/1.1 or HTTP/2. */
export type OutgoingResponse = ServerResponse | Http2ServerResponse;

/** Belong to a connection of HTTP/1.1; a response of HTTP/2 that has one is malformed (RFC 9113 section 8.2.2). */
const OF_A_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** Writes a response with the headers API Gateway adds to all of them. */
export function writeResponse(
  out: OutgoingResponse,
  exchange: Exchange,
  { status, headers, body }: Response,
): void {
  const bodiless = status === 204 || status === 304;
  const all: HeaderList = [
    ...headers.filter(([name]) => name.toLowerCase() !== 'content-length'),
    ['x-amzn-RequestId', exchange.requestId],
    ['x-amz-apigw-id', exchange.extendedRequestId],
    ...(bodiless ? [] : [['Content-Length', String(body.length)] as const]),
  ];
  // as sent: whatever a header made of the method, a client waits for the bytes it is told of
  const content = bodiless || exchange.request.sentMethod === 'HEAD' ? undefined : body;
  if (out instanceof Http2ServerResponse) {
    out.writeHead(status, valuesByName(all));
    out.end(content ?? '');
  } else {
    out.writeHead(status, all.flat());
    out.end(content);
  }
}

function valuesByName(headers: HeaderList): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (OF_A_CONNECTION.has(key)) continue;
    values[key] = [...(values[key] ?? []), value];
  }
  return values;
}
