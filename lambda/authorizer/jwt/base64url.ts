/**
 * Bytes of canonical unpadded base64url, undefined for any other text.
 *
 * Node's decoder skips what it does not know and takes both alphabets; a text that decodes and encodes back to
 * itself is the only one with this meaning (RFC 4648 sections 3.3, 3.5; RFC 7515 section 2).
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
