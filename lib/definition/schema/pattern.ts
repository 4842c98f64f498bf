/** A regular expression as models have it. */
export interface PortablePattern {
  /** Means the same to ECMA-262 (with and without its `u` flag) and to Java, but for `differences`. Absent if nothing does. */
  readonly source?: string;

  /** What Java may read differently and nothing else can say. */
  readonly differences: readonly string[];

  /** Whether it limits the length of what it matches. */
  readonly bounded: boolean;
}

/**
 * Rewrites an ECMA-262 pattern so that other engines read it the same: API Gateway runs on Java, where `$` matches before
 * a last line break, `\s` knows ASCII only, and `[` within a class opens another class.
 *
 * Answers undefined for what is no regular expression.
 */
export function portablePattern(pattern: string): PortablePattern | undefined {
  const known = rewritten.get(pattern);
  if (known) return known;

  const portable = makePortable(pattern);
  if (portable) rewritten.set(pattern, portable);
  return portable;
}

// formats bring the same long patterns again and again
const rewritten = new Map<string, PortablePattern>();

function makePortable(pattern: string): PortablePattern | undefined {
  if (!isRegExp(pattern, 'u') && !isRegExp(pattern, '')) return undefined;

  const differences = new Set<string>();
  const { source, unlimited, alternatives } = rewrite(pattern, isRegExp(pattern, 'u'), differences);
  return {
    // only browsers' leniency makes some patterns valid, such as a lookahead that is repeated
    ...(isRegExp(source, 'u') && { source }),
    differences: [...differences],
    bounded: pattern.startsWith('^') && /(?:^|[^\\])\$$/.test(pattern) && !unlimited && !alternatives,
  };
}

/** The regular expression a document's pattern means, to judge names of properties by. */
export function regExpOf(pattern: string): RegExp | undefined {
  if (isRegExp(pattern, 'u')) return new RegExp(pattern, 'u');
  return isRegExp(pattern, '') ? new RegExp(pattern) : undefined;
}

function isRegExp(pattern: string, flags: string): boolean {
  try {
    new RegExp(pattern, flags);
    return true;
  } catch {
    return false;
  }
}

const SPACE = '\\t-\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff';
const WORD = 'A-Za-z0-9_';
const ANY = '[\\s\\S]';
const END = `(?!${ANY})`;

const CLASS_ESCAPES: Readonly<Record<string, string>> = { d: '0-9', w: WORD, s: SPACE };
const CONTROLS: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v', '0': '\0' };

function rewrite(pattern: string, unicode: boolean, differences: Set<string>) {
  const characters = unicode ? [...pattern] : pattern.split('');
  const groups = /\(\?<[^=!]/.test(pattern);
  let source = '';
  let unlimited = false;
  let alternatives = false;
  let index = 0;

  while (index < characters.length) {
    const character = characters[index] ?? '';
    const rest = characters.slice(index, index + 24).join('');
    if (character === '\\') {
      const escaped = readEscape(characters, index, unicode, groups);
      if (escaped.difference) differences.add(escaped.difference);
      source += escaped.outside;
      index += escaped.length;
    } else if (character === '[') {
      const { text, length } = rewriteClass(characters, index, unicode, groups, differences);
      source += text;
      index += length;
    } else if (character === '{') {
      const quantifier = /^\{\d+(,?)(\d*)\}/.exec(rest);
      if (quantifier?.[1] && !quantifier[2]) unlimited = true;
      source += quantifier ? quantifier[0] : '\\{';
      index += quantifier ? quantifier[0].length : 1;
    } else if (character === '(') {
      const opening = /^\((?:\?(?:[:=!]|<[=!]|<[^>]*>|[a-z-]*:)?)?/.exec(rest)?.[0] ?? '(';
      if (/^\(\?<[=!]/.test(opening)) differences.add('lookbehind, which must be of limited length');
      if (/^\(\?[a-z-]+:/.test(opening)) differences.add('flags within the pattern');
      source += opening;
      index += opening.length;
    } else {
      if (character === '*' || character === '+') unlimited = true;
      if (character === '|') alternatives = true;
      source += OUTSIDE[character] ?? literal(character, unicode);
      index += 1;
    }
  }
  return { source, unlimited, alternatives };
}

const OUTSIDE: Readonly<Record<string, string>> = {
  $: END,
  '.': '[^\\n\\r\\u2028\\u2029]',
  '}': '\\}',
  ']': '\\]',
  ...Object.fromEntries([...'^*+?()|'].map((character) => [character, character])),
};

interface Escape {
  /** How many characters it takes. */
  readonly length: number;
  readonly outside: string;
  /** Within a class: a piece of a class, or one character that a range may begin or end with. */
  readonly inside: { readonly piece: string } | { readonly character: string };
  readonly difference?: string;
}

function readEscape(characters: readonly string[], index: number, unicode: boolean, groups: boolean): Escape {
  const text = characters.slice(index, index + 64).join('');
  const next = characters[index + 1] ?? '';

  const set = CLASS_ESCAPES[next.toLowerCase()];
  if (set) {
    const negated = next !== next.toLowerCase();
    const difference = next === 'S' ? { difference: "'\\S' beside other members of a class" } : {};
    return {
      length: 2,
      outside: `[${negated ? '^' : ''}${set}]`,
      inside: { piece: negated ? `\\${next}` : set },
      ...(negated && difference),
    };
  }
  const property = unicode ? /^\\[pP]\{([^}]*)\}/.exec(text) : null;
  if (property) {
    const known = /^[A-Z][a-z]?$/.test(property[1] ?? '');
    return {
      length: property[0].length,
      outside: property[0],
      inside: { piece: property[0] },
      ...(!known && { difference: `property '${property[1]}'` }),
    };
  }
  const code = codeEscape(text, unicode);
  if (code) return single(code.length, String.fromCodePoint(code.point), unicode);

  const reference = /^\\(?:[1-9]\d*|k<[^>]*>)/.exec(text);
  if (reference && (unicode || groups || !reference[0].startsWith('\\k'))) {
    const difference = 'a back-reference to a group that has not matched';
    return { length: reference[0].length, outside: reference[0], inside: { character: next }, difference };
  }
  if (next === 'b' || next === 'B') {
    const difference = 'a word boundary beside letters that are not ASCII';
    return { length: 2, outside: `\\${next}`, inside: { character: '\b' }, difference };
  }
  const control = Object.hasOwn(CONTROLS, next) ? CONTROLS[next] : undefined;
  return single(2, control ?? next, unicode);
}

function codeEscape(text: string, unicode: boolean): { length: number; point: number } | undefined {
  const pair = unicode ? /^\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(text) : null;
  if (pair) {
    const [high, low] = [Number.parseInt(pair[1] ?? '', 16), Number.parseInt(pair[2] ?? '', 16)];
    return { length: pair[0].length, point: 0x10000 + (high - 0xd800) * 0x400 + (low - 0xdc00) };
  }
  const hex =
    /^\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/.exec(text) ??
    (unicode ? /^\\u\{([0-9a-fA-F]+)\}/.exec(text) : null);
  if (hex) return { length: hex[0].length, point: Number.parseInt(hex[1] ?? hex[2] ?? '', 16) };

  const control = /^\\c([a-zA-Z])/.exec(text);
  return control ? { length: 3, point: (control[1] ?? '').charCodeAt(0) % 32 } : undefined;
}

const single = (length: number, character: string, unicode: boolean): Escape => ({
  length,
  outside: literal(character, unicode),
  inside: { character },
});

function literal(character: string, unicode: boolean): string {
  if (/[\^$\\.*+?()[\]{}|]/.test(character)) return `\\${character}`;
  return visible(character, unicode);
}

// a surrogate half must stay an escape, or the text would not survive UTF-8
function visible(character: string, _unicode: boolean): string {
  const point = character.codePointAt(0) ?? 0;
  const plain =
    point >= 0x20 &&
    point !== 0x7f &&
    !(point >= 0xd800 && point <= 0xdfff) &&
    !/[\u2028\u2029]/.test(character);
  return plain ? character : `\\u${point.toString(16).padStart(4, '0')}`;
}

function rewriteClass(
  characters: readonly string[],
  start: number,
  unicode: boolean,
  groups: boolean,
  differences: Set<string>,
): { text: string; length: number } {
  const negated = characters[start + 1] === '^';
  let index = start + (negated ? 2 : 1);
  const pieces: string[] = [];
  const singles = new Set<string>();

  const next = (): Escape['inside'] => {
    if (characters[index] !== '\\') return { character: characters[index++] ?? '' };
    const escaped = readEscape(characters, index, unicode, groups);
    if (escaped.difference?.includes('class') || escaped.difference?.includes('property'))
      differences.add(escaped.difference);
    index += escaped.length;
    return escaped.inside;
  };
  while (index < characters.length && characters[index] !== ']') {
    const from = next();
    const ranges =
      characters[index] === '-' && characters[index + 1] !== ']' && index + 1 < characters.length;
    if ('piece' in from) {
      pieces.push(from.piece);
    } else if (ranges) {
      index += 1;
      const to = next();
      if ('piece' in to) {
        // a range that ends in a class is none: all three stand for themselves
        singles.add(from.character).add('-');
        pieces.push(to.piece);
      } else {
        pieces.push(`${inClass(from.character)}-${inClass(to.character)}`);
      }
    } else {
      singles.add(from.character);
    }
  }
  // once each, because Java takes a doubled & for an intersection
  const body = pieces.join('') + [...singles].map(inClass).join('');
  const empty = negated ? ANY : '(?!)';
  return { text: body === '' ? empty : `[${negated ? '^' : ''}${body}]`, length: index + 1 - start };
}

function inClass(character: string): string {
  return /[\\\][^-]/.test(character) ? `\\${character}` : visible(character, true);
}
