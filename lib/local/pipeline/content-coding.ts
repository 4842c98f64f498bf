import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { MAXIMUM_BODY_BYTES } from './check-limits';
import type { GatewayRequest, Refusal } from './exchange';

/** A body without its content coding. */
export interface Unpacked {
  readonly body: Buffer;
  readonly undecodable: boolean;
  readonly tooLarge: boolean;
}

/**
 * Unpacks a body as API Gateway does by default
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-enable-compression.html).
 */
export function unpack(sent: Buffer, coding = 'identity'): Unpacked {
  const asSent = { body: sent, undecodable: false, tooLarge: false };
  // a request without a body has nothing to unpack, whatever it says
  if (sent.length === 0) return asSent;
  try {
    switch (coding.trim().toLowerCase()) {
      case 'identity':
        return asSent;
      case 'gzip':
        return { ...asSent, body: gunzipSync(sent, BOUNDED) };
      case 'deflate':
        return { ...asSent, body: inflate(sent) };
      default:
        return { ...asSent, undecodable: true };
    }
  } catch (cause) {
    const tooLarge = codeOf(cause) === 'ERR_BUFFER_TOO_LARGE';
    return { body: Buffer.alloc(0), undecodable: !tooLarge, tooLarge };
  }
}

/** The refusal of a body that cannot be unpacked. */
export function refuseUndecodable({ undecodable }: GatewayRequest): Refusal | undefined {
  if (!undecodable) return undefined;

  return {
    kind: 'refusal',
    responseType: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'Unsupported Media Type',
    stage: 'gateway',
    rule: 'content coding',
  };
}

const BOUNDED = { maxOutputLength: MAXIMUM_BODY_BYTES };

/** With the header of zlib, or without, as some clients send it. */
function inflate(sent: Buffer): Buffer {
  return (sent.readUInt8(0) & 0x0f) === 8 ? inflateSync(sent, BOUNDED) : inflateRawSync(sent, BOUNDED);
}

function codeOf(cause: unknown): unknown {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
}
