/** Bytes of each of the two numbers of an ES256 signature. */
const HALF = 32;

/** An ECDSA signature as JWS has it, r and s side by side (RFC 7518, section 3.4), from DER. */
export function rawSignature(der: Buffer): Buffer {
  const raw = Buffer.alloc(2 * HALF);
  // SEQUENCE, INTEGER r, INTEGER s; for P-256 every length takes one byte
  const lengthOfR = der.readUInt8(3);
  place(der.subarray(4, 4 + lengthOfR), raw, HALF);
  const startOfS = 4 + lengthOfR + 2;
  place(der.subarray(startOfS, startOfS + der.readUInt8(startOfS - 1)), raw, 2 * HALF);
  return raw;
}

/** Ends at `end`; a leading zero, which DER adds for the sign, falls away. */
function place(integer: Buffer, target: Buffer, end: number): void {
  const digits = integer.subarray(Math.max(0, integer.length - HALF));
  digits.copy(target, end - digits.length);
}
