/** Replaces what it finds in a line. */
export type Mask = (line: string) => string;

/** Characters between a keyword and what it is about. */
const PROXIMITY = 30;
const CARD_WORDS =
  /account.?number|amex|american.?express|card|credit|debit|ccn|discover|mastercard|visa|\bpan\b/i;
const CODE_WORDS =
  /card[ _-]?(?:id|identification|security|validation|verification)|\bcvc2?\b|\bcvv2?\b|elo[ _-]?verification/i;
const SECRET_WORDS = /aws_secret_access_key|credentials|secret[ _-]?(?:access[ _-]?)?key|set-awscredential/i;

/**
 * Stand-ins for data identifiers that CloudWatch Logs keeps to itself, after their documentation. They mask no more
 * than the documentation promises: what is left here is what one must expect to be left there.
 */
export const MANAGED_IDENTIFIERS: ReadonlyMap<string, Mask> = new Map([
  ['EmailAddress', maskOf(/[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g)],
  ['CreditCardNumber', maskOf(/(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g, isCard)],
  ['CreditCardSecurityCode', maskOf(/(?<!\d)\d{3,4}(?!\d)/g, isNear(CODE_WORDS))],
  ['AwsSecretKey', maskOf(/(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g, isNear(SECRET_WORDS))],
  // to the end of a text in JSON: a quote within it stands behind a backslash
  ...['OpenSshPrivateKey', 'PgpPrivateKey', 'PkcsPrivateKey'].map(
    (name) => [name, maskOf(/-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?:[^"\\]|\\.)*/g)] as const,
  ),
  ['PuttyPrivateKey', maskOf(/PuTTY-User-Key-File-\d: (?:[^"\\]|\\.)*/g)],
]);

/** Each character of a match becomes an asterisk, as CloudWatch Logs shows it. */
export function maskOf(
  pattern: RegExp,
  isMatch: (match: string, at: number, line: string) => boolean = () => true,
): Mask {
  return (line) =>
    line.replace(pattern, (match: string, ...rest: unknown[]) => {
      const at = rest.find((one) => typeof one === 'number') ?? 0;
      return isMatch(match, at, line) ? '*'.repeat(match.length) : match;
    });
}

/** CloudWatch Logs takes digits for a card only where a word near them says so. */
function isCard(match: string, at: number, line: string): boolean {
  return isNear(CARD_WORDS)(match, at, line) && hasCheckDigit(match.replace(/\D/g, ''));
}

function isNear(words: RegExp) {
  return (match: string, at: number, line: string): boolean =>
    words.test(line.slice(Math.max(0, at - PROXIMITY), at + match.length + PROXIMITY));
}

/** By Luhn's formula. */
function hasCheckDigit(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
