/** Where a value of a JSON text begins, and its members likewise. */
export interface Position {
  readonly offset: number;
  readonly members?: ReadonlyMap<string, Position>;
}

export interface DuplicateKey {
  readonly key: string;
  readonly offset: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Finds where each value of a JSON text stands. The text must be known to be valid: this only counts.
 *
 * `JSON.parse` and this together take a tenth of what a YAML parser needs for the same text.
 */
export function jsonPositions(text: string): { root: Position; duplicates: DuplicateKey[] } {
  const duplicates: DuplicateKey[] = [];
  let at = 0;
  return { root: value(), duplicates };

  function value(): Position {
    skipSpace();
    const offset = at;
    const first = text[at];
    if (first === '{') return { offset, members: object() };
    if (first === '[') return { offset, members: array() };
    if (first === '"') skipString();
    else skipScalar();
    return { offset };
  }

  function object(): Map<string, Position> {
    const members = new Map<string, Position>();
    at += 1;
    for (skipSpace(); text[at] !== '}'; skipSpace()) {
      const offset = at;
      skipString();
      const raw = text.slice(offset + 1, at - 1);
      const key: string = raw.includes('\\') ? JSON.parse(text.slice(offset, at)) : raw;
      skipSpace();
      at += 1; // colon
      if (members.has(key)) duplicates.push({ key, offset });
      members.set(key, value());
      skipComma();
    }
    at += 1;
    return members;
  }

  function array(): Map<string, Position> {
    const members = new Map<string, Position>();
    at += 1;
    for (skipSpace(); text[at] !== ']'; skipSpace()) {
      members.set(String(members.size), value());
      skipComma();
    }
    at += 1;
    return members;
  }

  function skipSpace(): void {
    while (text.charCodeAt(at) <= 0x20) at += 1;
  }

  function skipComma(): void {
    skipSpace();
    if (text[at] === ',') at += 1;
  }

  function skipString(): void {
    at += 1;
    for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(at)) {
      at += code === BACKSLASH ? 2 : 1;
    }
    at += 1;
  }

  function skipScalar(): void {
    while (at < text.length && !',}]'.includes(text.charAt(at)) && text.charCodeAt(at) > 0x20) at += 1;
  }
}
