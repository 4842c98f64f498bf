/**
 * An ECDSA signature as OpenSSL reads it, from `r || s` (RFC 7518 section 3.4): SEQUENCE { INTEGER r, INTEGER s }.
 * In JavaScript because `dsaEncoding: 'ieee-p1363'` costs a quarter of an ES256 verification; byte by byte because
 * Node's copies of so few bytes cost more.
 */
export function ecdsaDer(signature: Buffer): Buffer {
  const half = signature.length / 2;
  const der = Buffer.allocUnsafe(signature.length + 9);
  let end = HEAD;
  for (let start = 0; start < signature.length; start += half) {
    // shortest two's complement form: no leading zeros but the one that keeps it positive
    let first = start;
    while (first < start + half - 1 && signature[first] === 0) first += 1;
    const sign = (signature[first] ?? 0) >> 7;
    der[end] = 0x02;
    der[end + 1] = sign + start + half - first;
    der[end + 2] = 0;
    end += 2 + sign;
    for (; first < start + half; first += 1, end += 1) der[end] = signature[first] ?? 0;
  }
  const length = end - HEAD;
  // lengths from 128 on take a second byte; P-521 is the only curve that needs it
  const head = length < 128 ? [0x30, length] : [0x30, 0x81, length];
  der.set(head, HEAD - head.length);
  return der.subarray(HEAD - head.length, end);
}

/** Room for the longest head. */
const HEAD = 3;
