import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 12;
const SECRET_LENGTH = 32;
const CHECKSUM_LENGTH = 6;

/** What the id of a key looks like. */
export const KEY_ID = new RegExp(`^[0-9A-Za-z]{${ID_LENGTH}}$`);

/** An API key taken apart: `<prefix>_<environment>_<id><secret><checksum>`. */
export interface ApiKeyParts {
  readonly prefix: string;
  readonly environment: string;
  /** Names the key in logs and in the store. */
  readonly id: string;
  readonly secret: string;
}

/** What prefix and environment of a key may look like. */
export const API_KEY_LABEL = /^[a-z][a-z0-9]{0,15}$/;

/** Characters of the shortest key: prefix and environment may be a letter each. */
export const SHORTEST_API_KEY = 'p_e_'.length + ID_LENGTH + SECRET_LENGTH + CHECKSUM_LENGTH;

/** For secret scanners: matches every key of this prefix and environment. */
export function apiKeyPattern(prefix: string, environment: string): string {
  return `${prefix}_${environment}_[0-9A-Za-z]{${ID_LENGTH + SECRET_LENGTH + CHECKSUM_LENGTH}}`;
}

/** Writes a key down, with its checksum. */
export function formatApiKey({ prefix, environment, id, secret }: ApiKeyParts): string {
  const body = `${prefix}_${environment}_${id}${secret}`;
  return body + checksum(body);
}

/** Takes a key apart; undefined unless shape and checksum are right. Needs no I/O. */
export function parseApiKey(text: string): ApiKeyParts | undefined {
  const match =
    /^([a-z][a-z0-9]{0,15})_([a-z][a-z0-9]{0,15})_([0-9A-Za-z]{12})([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/.exec(
      text,
    );
  const [, prefix, environment, id, secret, sum] = match ?? [];
  if (!prefix || !environment || !id || !secret || !sum) return undefined;

  return checksum(text.slice(0, -CHECKSUM_LENGTH)) === sum ? { prefix, environment, id, secret } : undefined;
}

/** What the store keeps instead of the key: its SHA-256, in hexadecimal. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** CRC-32 in base62, six digits. It finds typing errors, not attackers. */
function checksum(body: string): string {
  let rest = crc32(body);
  let digits = '';
  for (let index = 0; index < CHECKSUM_LENGTH; index += 1) {
    digits = ALPHABET.charAt(rest % ALPHABET.length) + digits;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return digits;
}
