/** An element of DER: its tag, its content, and where the next one begins. */
interface Element {
  readonly tag: number;
  readonly content: Buffer;
  readonly end: number;
}

/** Object identifiers of signatures over SHA-256, SHA-384 and SHA-512: by RSA, by ECDSA. */
const SHA2_SIGNATURES = [
  '2a864886f70d01010b',
  '2a864886f70d01010c',
  '2a864886f70d01010d',
  '2a8648ce3d040302',
  '2a8648ce3d040303',
  '2a8648ce3d040304',
];
const RSASSA_PSS = '2a864886f70d01010a';

/** SHA-256, SHA-384 and SHA-512 themselves. */
const SHA2 = /^608648016503040[2]0[123]$/;

const HASH_PARAMETER = 0xa0;

/**
 * Whether a certificate in DER is signed by RSA or ECDSA over SHA-256 or better, as API Gateway demands (aws-facts
 * 12.2). Node tells the algorithm in its latest versions only (RFC 5280 section 4.1.1.2, RFC 4055 section 3.1).
 */
export function isSignedWithSha2(certificate: Buffer): boolean {
  const [, algorithm] = children(element(certificate, 0).content);
  const [identifier, parameters] = algorithm ? children(algorithm.content) : [];
  const name = identifier?.content.toString('hex') ?? '';
  if (SHA2_SIGNATURES.includes(name)) return true;
  if (name !== RSASSA_PSS || !parameters) return false;

  // without the parameter it is SHA-1
  const [hash] = children(parameters.content);
  if (hash?.tag !== HASH_PARAMETER) return false;
  const [chosen] = children(element(hash.content, 0).content);
  return SHA2.test(chosen?.content.toString('hex') ?? '');
}

function children(content: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < content.length; ) {
    const next = element(content, at);
    found.push(next);
    at = next.end;
  }
  return found;
}

/** OpenSSL has parsed the certificate before, so lengths hold. */
function element(bytes: Buffer, at: number): Element {
  const short = bytes[at + 1] ?? 0;
  const size = short < 0x80 ? 0 : short - 0x80;
  const length = size === 0 ? short : bytes.readUIntBE(at + 2, size);
  const start = at + 2 + size;
  return { tag: bytes[at] ?? 0, content: bytes.subarray(start, start + length), end: start + length };
}
