/** Short names that tools write differently. */
const SYNONYMS: Readonly<Record<string, string>> = {
  E: 'EMAILADDRESS',
  EMAIL: 'EMAILADDRESS',
  S: 'ST',
  '1.2.840.113549.1.9.1': 'EMAILADDRESS',
  '2.5.4.3': 'CN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
};

const TYPE = /^(?:[A-Za-z][A-Za-z0-9-]*|(?:OID\.)?\d+(?:\.\d+)+)$/i;

/**
 * A distinguished name in one form, in the order it is written; undefined where it is none.
 *
 * Takes what tools write: `C=GB,O=Acme` (RFC 4514, Java, API Gateway), `C = GB, O = "Acme, Inc."` and `/C=GB/O=Acme`
 * (OpenSSL), and one attribute a line (Node).
 */
export function orderedName(text: string): string | undefined {
  return partsOf(text)?.join(',');
}

/**
 * The same in alphabetical order: API Gateway, OpenSSL and Java disagree on which end of a name comes first, and a
 * person copies it from any of them. A name that cannot be read is left as it is.
 */
export function unorderedName(text: string): string {
  return partsOf(text)?.sort().join(',') ?? text;
}

/** Relative names, each `TYPE=value`; several of one level are joined by `+`. */
function partsOf(text: string): string[] | undefined {
  const [first] = text;
  const separators = first === '/' ? '/' : ',;\n';
  const reader = new NameReader(first === '/' ? text.slice(1) : text, separators);
  const parts: string[] = [];
  do {
    const attributes: string[] = [];
    do {
      const attribute = reader.attribute();
      if (attribute === undefined) return undefined;
      attributes.push(attribute);
    } while (reader.skip('+'));
    parts.push(attributes.sort().join('+'));
  } while (reader.skip(separators));
  return parts;
}

/** Reads `type=value` after `type=value`. */
class NameReader {
  private position = 0;

  constructor(
    private readonly text: string,
    private readonly separators: string,
  ) {}

  /** Whether one of these came, and is behind us now. */
  public skip(characters: string): boolean {
    const next = this.text[this.position];
    if (next === undefined || !characters.includes(next)) return false;
    this.position += 1;
    return true;
  }

  public attribute(): string | undefined {
    const equals = this.text.indexOf('=', this.position);
    if (equals < 0) return undefined;
    const type = this.text.slice(this.position, equals).trim();
    if (!TYPE.test(type)) return undefined;

    this.position = equals + 1;
    const value = this.value();
    const name = type.toUpperCase().replace(/^OID\./, '');
    return value === undefined ? undefined : `${SYNONYMS[name] ?? name}=${escaped(value)}`;
  }

  private value(): string | undefined {
    while (this.text[this.position] === ' ') this.position += 1;
    // the value in DER, which nothing here compares with text
    if (this.text[this.position] === '#') return undefined;
    return this.text[this.position] === '"' ? this.quoted() : this.plain();
  }

  private plain(): string | undefined {
    const bytes: number[] = [];
    // spaces at the end are the writer's, unless they are escaped
    let kept = 0;
    for (;;) {
      const character = this.text[this.position];
      if (character === undefined || character === '+' || this.separators.includes(character)) {
        return Buffer.from(bytes.slice(0, kept)).toString('utf8');
      }
      const isEscape = character === '\\';
      if (!this.take(bytes)) return undefined;
      if (isEscape || character !== ' ') kept = bytes.length;
    }
  }

  private quoted(): string | undefined {
    const bytes: number[] = [];
    this.position += 1;
    while (this.text[this.position] !== '"') if (!this.take(bytes)) return undefined;
    this.position += 1;
    while (this.text[this.position] === ' ') this.position += 1;

    const next = this.text[this.position];
    const isEnd = next === undefined || next === '+' || this.separators.includes(next);
    return isEnd ? Buffer.from(bytes).toString('utf8') : undefined;
  }

  /** One character, or what an escape stands for; false at the end. */
  private take(bytes: number[]): boolean {
    const rest = this.text.slice(this.position, this.position + 3);
    const [, pair] = /^\\([0-9A-Fa-f]{2})/.exec(rest) ?? [];
    if (pair !== undefined) {
      bytes.push(Number.parseInt(pair, 16));
      this.position += 3;
      return true;
    }
    if (rest[0] === '\\') this.position += 1;
    const point = this.text.codePointAt(this.position);
    if (point === undefined) return false;

    const character = String.fromCodePoint(point);
    bytes.push(...Buffer.from(character));
    this.position += character.length;
    return true;
  }
}

// what is written here is read the same again, and holds nothing a terminal obeys
function escaped(value: string): string {
  return value.replace(/[\\,+=;"/]|\p{Cc}|^[ #]|(?<=.) $/gu, (character) =>
    /\p{Cc}/u.test(character) ? hexadecimal(character) : `\\${character}`,
  );
}

function hexadecimal(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
}
