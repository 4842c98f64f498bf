/**
 * Where a value of a JSON text begins, and its members likewise.
 *
 * The text must be known to be valid. Members are looked for when they are asked for, so that a document of
 * megabytes costs little until something in it is to be named.
 */
export class JsonPosition {
  private known?: ReadonlyMap<string, JsonPosition>;

  constructor(
    private readonly text: string,
    public readonly offset: number,
  ) {}

  /** Of an object by name, of an array by index; empty for all else. */
  public get members(): ReadonlyMap<string, JsonPosition> {
    this.known ??= this.find();
    return this.known;
  }

  private find(): Map<string, JsonPosition> {
    const { text, offset } = this;
    const members = new Map<string, JsonPosition>();
    const isObject = text[offset] === '{';
    if (!isObject && text[offset] !== '[') return members;

    let at = skipSpace(text, offset + 1);
    while (text[at] !== '}' && text[at] !== ']') {
      let key = String(members.size);
      if (isObject) {
        const end = endOfString(text, at);
        key = JSON.parse(text.slice(at, end));
        at = skipSpace(text, skipSpace(text, end) + 1); // past the colon
      }
      members.set(key, new JsonPosition(text, at));
      at = skipSpace(text, endOfValue(text, at));
      if (text[at] === ',') at = skipSpace(text, at + 1);
    }
    return members;
  }
}

/** The position of a whole JSON text. */
export function jsonPosition(text: string): JsonPosition {
  return new JsonPosition(text, skipSpace(text, 0));
}

/** Keys of all objects of a JSON text, the same key of one object counted as often as it is written. */
export function countKeys(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    at = endOfString(text, at);
    if (text[skipSpace(text, at)] === ':') count += 1;
  }
  return count;
}

/** Keys that one object of a JSON text has twice, with the offset of that object. */
export function duplicateKeys(text: string): { readonly key: string; readonly offset: number }[] {
  const duplicates: { key: string; offset: number }[] = [];
  const open: { readonly offset: number; readonly keys: Set<string> }[] = [];
  for (const { 0: token, index } of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') open.push({ offset: index, keys: new Set() });
    else if (token === '}' || token === ']') open.pop();
    else if (token.endsWith(':')) {
      const key: string = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1));
      const holder = open[open.length - 1];
      if (holder?.keys.has(key)) duplicates.push({ key, offset: index });
      holder?.keys.add(key);
    }
  }
  return duplicates;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= 0x20) at += 1;
  return at;
}

function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); ; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
}

const STRUCTURE = /["{}[\]]/g;

function endOfValue(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return endOfString(text, from);
  if (first !== '{' && first !== '[') return endOfScalar(text, from);

  let depth = 0;
  let at = from;
  do {
    STRUCTURE.lastIndex = at;
    at = STRUCTURE.test(text) ? STRUCTURE.lastIndex - 1 : text.length;
    const found = text[at];
    if (found === '"') at = endOfString(text, at);
    else {
      depth += found === '{' || found === '[' ? 1 : -1;
      at += 1;
    }
  } while (depth > 0);
  return at;
}

function endOfScalar(text: string, from: number): number {
  let at = from;
  while (at < text.length && !',}]'.includes(text.charAt(at)) && text.charCodeAt(at) > 0x20) at += 1;
  return at;
}
