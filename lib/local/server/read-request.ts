import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { TLSSocket } from 'node:tls';
import type { ApiModel } from '../model/api';
import { MAXIMUM_BODY_BYTES } from '../pipeline/check-limits';
import { unpack } from '../pipeline/content-coding';
import { type GatewayRequest, oneSlash } from '../pipeline/exchange';
import { type HeaderList, headerList, headerValue } from '../pipeline/header-list';
import { clientCertificateOf } from './client-certificate';

/** A request of HTTP/1.1 or HTTP/2. */
export type IncomingRequest = IncomingMessage | Http2ServerRequest;

/** How requests are read. */
export interface ReadingOptions {
  /** Header whose value stands for the caller's address: for tests of rules on addresses. */
  readonly sourceIpHeader?: string;
}

/** Reads a request to its end, or to API Gateway's limit. */
export async function readRequest(
  message: IncomingRequest,
  api: ApiModel,
  { sourceIpHeader }: ReadingOptions,
): Promise<GatewayRequest> {
  const [path = '/', rawQuery = ''] = splitOnce(message.url ?? '/', '?');
  const all = headerList(message.rawHeaders).flatMap(plainHeader);
  const pretended = sourceIpHeader && headerValue(all, sourceIpHeader);
  const headers = sourceIpHeader
    ? all.filter(([name]) => name.toLowerCase() !== sourceIpHeader.toLowerCase())
    : all;
  const { body: sentBody, tooLarge: sentTooLarge } = await readBody(message);
  const { body, undecodable, tooLarge } = unpack(sentBody, headerValue(headers, 'content-encoding'));
  const { socket } = message;
  const clientCertificate = socket instanceof TLSSocket ? clientCertificateOf(socket) : undefined;
  return {
    method: overridingMethod(headers) ?? message.method ?? 'GET',
    sentMethod: message.method ?? 'GET',
    path,
    apiPath: withinBasePath(path, api.basePath),
    query: readQuery(rawQuery),
    rawQuery,
    headers,
    body,
    sentBody,
    undecodable,
    sourceIp: pretended || (socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
    protocol: `HTTP/${message.httpVersion}`,
    ...(socket instanceof TLSSocket && {
      tls: { version: socket.getProtocol() ?? '', cipherSuite: socket.getCipher().name },
    }),
    ...(clientCertificate && { clientCertificate }),
    tooLarge: sentTooLarge || tooLarge,
  };
}

/** The name of a method (RFC 9110, section 5.6.2). */
const METHOD = /^[!#$%&'*+.^_`|~0-9A-Z-]+$/;

/** API Gateway lets this header override the method (aws-facts 4.18). That a value must be one is assumed. */
function overridingMethod(headers: HeaderList): string | undefined {
  const method = headerValue(headers, 'x-http-method-override')?.toUpperCase();
  return method !== undefined && METHOD.test(method) ? method : undefined;
}

/** The path without stage or base path; undefined for a path outside of it. */
export function withinBasePath(path: string, basePath: string): string | undefined {
  const whole = oneSlash(path);
  if (basePath === '') return whole;

  const prefix = `/${basePath}`;
  if (whole === prefix) return '/';
  return whole.startsWith(`${prefix}/`) ? oneSlash(whole.slice(prefix.length)) : undefined;
}

/** A semicolon separates too (aws-facts 4.18, aws-amplify/amplify-swift#4274). */
function readQuery(rawQuery: string): HeaderList {
  return [...new URLSearchParams(rawQuery.replaceAll(';', '&'))];
}

/** HTTP/2 sends the request line as headers of its own, and the host as one of them. */
function plainHeader([name, value]: HeaderList[number]): HeaderList {
  if (name === ':authority') return [['Host', value]];
  return name.startsWith(':') ? [] : [[name, value]];
}

async function readBody(
  message: IncomingRequest,
): Promise<{ readonly body: Buffer; readonly tooLarge: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message) {
    length += chunk.length;
    if (length <= MAXIMUM_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  // over HTTP/2 a body that its client broke off ends as a whole one does
  if (message.aborted) throw new Error('the client went away');
  return { body: Buffer.concat(chunks), tooLarge: length > MAXIMUM_BODY_BYTES };
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
