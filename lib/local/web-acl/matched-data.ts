/** A shared library, as `koffi` opens it. */
export interface Native {
  func(declaration: string): (...values: readonly unknown[]) => unknown;
}

/** What of an input libinjection took for an attack, in pieces. */
type Finder = (input: Buffer) => readonly string[];

/** The version whose structures are read here; of another only its verdict counts, and matched data stay empty. */
const VERSION = '3.9.2';

/** `struct libinjection_sqli_state`, 64 bits: its folded tokens and their fingerprint, one letter a token. */
const SQL = { bytes: 1024, tokens: 48, tokenBytes: 56, value: 23, valueBytes: 32, fingerprint: 504 };

/** `struct h5_state`, 64 bits. */
const HTML = { bytes: 256, input: 0, start: 40, length: 48, type: 56 };

/** Contexts in which HTML is tried: data, and values unquoted or within the three quotes. */
const CONTEXTS = [0, 1, 2, 3, 4];

const TAG_NAME_OPEN = 1;
const ATTRIBUTE_NAME = 6;
const ATTRIBUTE_VALUE = 7;

/** As long as libinjection keeps the text of a token. */
const LONGEST = 31;

/** Finds the tokens of an SQL injection: `10 AND 1=1` folds to `10`, `AND`, `1`, as AWS documents. */
export function tokenFinder(native: Native): Finder {
  if (!isKnown(native)) return () => [];
  const start = native.func(
    'void libinjection_sqli_init(void *state, const char *input, size_t length, int flags)',
  );
  const judge = native.func('int libinjection_is_sqli(void *state)');

  return (input) => {
    const state = Buffer.alloc(SQL.bytes);
    start(state, input, input.length, 0);
    judge(state);
    const count = lengthOf(state.subarray(SQL.fingerprint, SQL.fingerprint + 8));

    return Array.from({ length: count }, (_, index) => {
      const at = SQL.tokens + index * SQL.tokenBytes + SQL.value;
      return textIn(state.subarray(at, at + SQL.valueBytes));
    });
  };
}

interface Token {
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

/** Finds the markup of cross-site scripting: `<frameset onload=…>` gives `<`, `frameset`, as AWS documents. */
export function markupFinder(native: Native): Finder {
  if (!isKnown(native)) return () => [];
  const start = native.func(
    'void libinjection_h5_init(void *state, void *input, size_t length, int context)',
  );
  const next = native.func('int libinjection_h5_next(void *state)');
  const judge = native.func('int libinjection_is_xss(const char *input, size_t length, int context)');

  return (input) => {
    const attacks = (length: number, context: number) => judge(input, length, context) === 1;
    const context = CONTEXTS.find((one) => attacks(input.length, one));
    if (context === undefined) return [];

    const state = Buffer.alloc(HTML.bytes);
    start(state, input, input.length, context);
    const tokens: Token[] = [];
    while (next(state)) tokens.push(tokenIn(state));
    const at = firstIndex(tokens, ({ end }) => attacks(end, context));

    return piecesOf(input, tokens, at);
  };
}

function tokenIn(state: Buffer): Token {
  const start = Number(state.readBigUInt64LE(HTML.start) - state.readBigUInt64LE(HTML.input));

  return {
    type: state.readInt32LE(HTML.type),
    start,
    end: start + Number(state.readBigUInt64LE(HTML.length)),
  };
}

/** An input that attacks up to one token attacks up to each later one, so halving finds it: a body may have thousands. */
function firstIndex(tokens: readonly Token[], attacks: (token: Token) => boolean): number {
  let low = 0;
  let high = tokens.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const token = tokens[middle];
    if (token && attacks(token)) high = middle;
    else low = middle + 1;
  }

  return low;
}

/** A tag, or what opens something else with its first word; of an attribute its name and value. */
function piecesOf(input: Buffer, tokens: readonly Token[], at: number): readonly string[] {
  const token = tokens[at];
  if (!token) return [];
  const text = ({ start, end }: Token) => textIn(input.subarray(start, Math.min(end, start + LONGEST)));
  if (token.type === TAG_NAME_OPEN) return ['<', text(token)];
  if (token.type === ATTRIBUTE_NAME) return [text(token)];
  if (token.type === ATTRIBUTE_VALUE) {
    const name = tokens[at - 1];
    return name?.type === ATTRIBUTE_NAME ? [text(name), text(token)] : [text(token)];
  }
  const opening = input.subarray(0, token.start).lastIndexOf('<');
  const [word = ''] = /^[\w:-]*/.exec(text(token)) ?? [];

  return [textIn(input.subarray(Math.max(0, opening), token.start)), word].filter((piece) => piece !== '');
}

function isKnown(native: Native): boolean {
  return native.func('const char *libinjection_version()')() === VERSION;
}

function lengthOf(bytes: Buffer): number {
  const end = bytes.indexOf(0);

  return end < 0 ? bytes.length : end;
}

function textIn(bytes: Buffer): string {
  return bytes.toString('utf8', 0, lengthOf(bytes));
}
