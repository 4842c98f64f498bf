import type { ServerResponse } from 'node:http';
import type { Exchange, Response } from '../pipeline/exchange';

/** Writes a response with the headers API Gateway adds to all of them. */
export function writeResponse(
  out: ServerResponse,
  exchange: Exchange,
  { status, headers, body }: Response,
): void {
  const bodiless = status === 204 || status === 304;
  const raw = [
    ...headers.filter(([name]) => name.toLowerCase() !== 'content-length'),
    ['x-amzn-RequestId', exchange.requestId],
    ['x-amz-apigw-id', exchange.extendedRequestId],
    ...(bodiless ? [] : [['Content-Length', String(body.length)]]),
  ].flat();
  out.writeHead(status, raw);
  out.end(bodiless || exchange.request.method === 'HEAD' ? undefined : body);
}
