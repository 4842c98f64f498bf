import { Memory } from '../memory';
import { Unauthenticated } from '../refused';
import { decodeBase64url } from './base64url';
import { type JsonObject, jsonObject } from './json-object';

/** Longest token that is looked at. */
export const MAXIMUM_TOKEN_LENGTH = 8192;

/** A JWS in compact serialization, taken apart; nothing is proven yet. */
export interface CompactJws {
  readonly header: JoseHeader;
  readonly payload: Buffer;
  /** Of the payload, if it is a JSON object. */
  readonly claims: JsonObject | undefined;
  /** What was signed: the first two segments, as they came. */
  readonly signingInput: string;
  readonly signature: Buffer;
}

export interface JoseHeader extends JsonObject {
  readonly alg: string;
  readonly kid?: string;
  readonly typ?: string;
}

/**
 * Takes a token apart: three segments of canonical base64url and a header that asks for nothing we do not do
 * (RFC 7515 section 5.2). Throws `Unauthenticated` for any other text.
 */
export function parseCompactJws(token: string): CompactJws {
  if (token.length > MAXIMUM_TOKEN_LENGTH) throw new Unauthenticated('TOKEN_TOO_LONG');

  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  // one dot, or none, are found again
  if (second <= first || token.includes('.', second + 1)) {
    // RFC 7516 section 9: five segments are a JWE
    throw new Unauthenticated(token.split('.').length === 5 ? 'ENCRYPTED_TOKEN' : 'MALFORMED_TOKEN');
  }
  const payload = decodeBase64url(token.slice(first + 1, second));
  const signature = decodeBase64url(token.slice(second + 1));
  if (payload === undefined || signature === undefined) throw new Unauthenticated('MALFORMED_TOKEN');

  return {
    header: parseHeader(token.slice(0, first)),
    payload,
    claims: jsonObject(payload),
    signingInput: token.slice(0, second),
    signature,
  };
}

// the tokens of an issuer differ in their payload, hardly ever in their header; what is refused is not remembered.
// Which issuer's, it does not say: a header is read alike for all of them
const parsedHeaders = new Memory<JoseHeader>(64);

function parseHeader(segment: string): JoseHeader {
  const known = parsedHeaders.get(segment);
  if (known) return known;

  const bytes = decodeBase64url(segment);
  if (bytes === undefined) throw new Unauthenticated('MALFORMED_TOKEN');

  const header = Object.freeze(readHeader(bytes));
  // the same text, written anew: the segment is a part of the token, and would keep all of it in memory
  parsedHeaders.set(bytes.toString('base64url'), header);
  return header;
}

function readHeader(bytes: Buffer): JoseHeader {
  const header = jsonObject(bytes);
  if (header === undefined || !isJoseHeader(header)) throw new Unauthenticated('MALFORMED_TOKEN');

  // RFC 7515 section 4.1.11: an extension that is not understood must be refused, and none is; RFC 7797's b64
  // without crit would change what is signed
  if ('crit' in header || 'b64' in header) throw new Unauthenticated('UNSUPPORTED_HEADER');
  // RFC 7516 section 9: enc makes it a JWE
  if ('enc' in header) throw new Unauthenticated('ENCRYPTED_TOKEN');
  return header;
}

function isJoseHeader(header: JsonObject): header is JoseHeader {
  const { alg, kid = '', typ = '' } = header;
  return [alg, kid, typ].every((value) => typeof value === 'string');
}
