/**
 * An ECDSA signature as OpenSSL reads it, from `r || s` (RFC 7518 section 3.4): SEQUENCE { INTEGER r, INTEGER s }.
 * In JavaScript because `dsaEncoding: 'ieee-p1363'` costs a quarter of an ES256 verification.
 */
export function ecdsaDer(signature: Buffer): Buffer {
  const half = signature.length / 2;
  const r = integer(signature.subarray(0, half));
  const s = integer(signature.subarray(half));
  const length = r.length + s.length;
  // lengths from 128 on take a second byte; P-521 is the only curve that needs it
  const head = length < 128 ? [0x30, length] : [0x30, 0x81, length];
  return Buffer.concat([Buffer.from(head), r, s], head.length + length);
}

// shortest two's complement form: no leading zeros but the one that keeps it positive
function integer(bytes: Buffer): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const digits = bytes.subarray(start);
  const sign = (digits[0] ?? 0) >= 0x80 ? 1 : 0;

  const der = Buffer.alloc(2 + sign + digits.length);
  der[0] = 0x02;
  der[1] = sign + digits.length;
  digits.copy(der, 2 + sign);
  return der;
}
