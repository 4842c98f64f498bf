import { verifyJws } from '../../../lambda/authorizer';
import { base64url, signingKey, token } from './tokens';

const EC = signingKey('ES256', 'kid-ES256');
const ED = signingKey('EdDSA', 'kid-EdDSA');
const CLAIMS = { iss: 'https://id.example.com/', sub: 'alice' };
const GOOD = token(EC, CLAIMS);

describe('verifyJws', () => {
  test.each([
    ['header', 0],
    ['payload', 1],
    ['signature', 2],
  ])('refuses any flipped bit in the %s', (_, index) => {
    const segments = token(ED, CLAIMS).split('.');
    const bytes = Buffer.from(segments[index] ?? '', 'base64url');

    const wrong: number[] = [];

    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const text = segments.map((segment, at) => (at === index ? base64url(flipped) : segment)).join('.');
      if (outcome(text, { keys: [ED.jwk] }) !== 'Unauthenticated') wrong.push(bit);
    }

    expect(wrong).toEqual([]);
  });

  // Node's decoders read the lower byte of such a character: `Ł` as `A`
  test.each([0x100, 0x200, 0x4e00, 0xff00])('refuses any character of another script: + %d', (distance) => {
    const wrong: number[] = [];

    for (let at = 0; at < GOOD.length; at += 1) {
      const other = String.fromCharCode(GOOD.charCodeAt(at) + distance);
      const text = GOOD.slice(0, at) + other + GOOD.slice(at + 1);
      if (outcome(text, { keys: [EC.jwk] }) !== 'Unauthenticated') wrong.push(at);
    }

    expect(wrong).toEqual([]);
  });

  test('refuses any truncation and any single added character', () => {
    const wrong: string[] = [];

    for (let length = 0; length < GOOD.length; length += 1) {
      const [start, end] = [GOOD.slice(0, length), GOOD.slice(length)];
      const texts = [start, `${start}A${end}`, `${start} ${end}`];
      wrong.push(...texts.filter((text) => outcome(text, { keys: [EC.jwk] }) !== 'Unauthenticated'));
    }

    expect(wrong).toEqual([]);
  });
});

// thousands of expectations would take longer than what they expect
function outcome(text: string, keys: Parameters<typeof verifyJws>[1]): string {
  try {
    verifyJws(text, keys);
    return 'accepted';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}
