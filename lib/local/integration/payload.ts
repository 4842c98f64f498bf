import { isUtf8 } from 'node:buffer';
import type { Exchange } from '../pipeline/exchange';
import { type HeaderList, headerValue } from '../pipeline/header-list';
import { mediaTypeOf } from '../pipeline/validate-request';

/*
 * What API Gateway makes of payloads without `contentHandling`
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html).
 */

/** Of a request for its backend: as it is if it is of a binary media type, else UTF-8 text. */
export function requestPayload(exchange: Exchange): Buffer {
  const { body } = exchange.request;
  return isBinary(exchange, mediaTypeOf(exchange)) ? body : asText(body);
}

/** Of a backend's answer for the caller, by the first media type that the caller accepts. */
export function responsePayload(exchange: Exchange, headers: HeaderList, body: Buffer): Buffer {
  const accepted = isBinary(exchange, essence(exchange.header('accept')?.split(',')[0]));
  if (isBinary(exchange, essence(headerValue(headers, 'content-type')))) {
    return accepted ? body : Buffer.from(body.toString('base64'));
  }
  return accepted ? Buffer.from(body.toString('utf8'), 'base64') : asText(body);
}

/** Whether the API takes the media type for a binary one. */
export function isBinary({ api }: Exchange, mediaType: string): boolean {
  return api.binaryMediaTypes.some(
    (type) =>
      type === '*/*' ||
      type === mediaType ||
      (type.endsWith('/*') && mediaType.startsWith(type.slice(0, -1))),
  );
}

function asText(body: Buffer): Buffer {
  return isUtf8(body) ? body : Buffer.from(body.toString('utf8'));
}

function essence(mediaType = ''): string {
  return mediaType.split(';')[0]?.trim().toLowerCase() ?? '';
}
