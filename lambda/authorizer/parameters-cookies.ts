import { ABSENT } from '../../lib/protocol/identity-headers';
import type { SpreadReading } from '../../lib/protocol/parameter-rules';
import type { Spread } from './parameters-query';
import type { Member } from './parameters-styles';

type Cookies = ReadonlyMap<string, readonly string[]>;

const parsed = new WeakMap<readonly string[], Cookies>();

/** Cookies by name, all occurrences of each (RFC 6265 section 5.4). Parsed once for each request's header. */
export function readCookies(lines: readonly string[]): Cookies {
  const known = parsed.get(lines);
  if (known) return known;

  const cookies = new Map<string, string[]>();
  for (const pair of lines.join(';').split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 0) continue;
    const name = pair.slice(0, equals).trim();
    const value = pair.slice(equals + 1).trim();
    const values = cookies.get(name);
    if (values) values.push(value);
    else cookies.set(name, [value]);
  }
  parsed.set(lines, cookies);
  return cookies;
}

/** OpenAPI percent-encodes cookies of style `form`; one that cannot be decoded is taken as it is. */
export function decodeCookie(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Finds the properties of an exploded object among cookies: those it names, since the service gets no others. */
export function prepareSpreadCookies({ properties }: SpreadReading): Spread<Cookies> {
  const names = Object.keys(properties);
  return {
    isThere: (cookies) => names.some((name) => cookies.has(name)),
    pick(cookies) {
      const members: Member[] = [];
      for (const name of names) {
        const [text, ...others] = cookies.get(name) ?? [];
        if (text === undefined) continue;
        if (others.length > 0) return 'REPEATED';
        members.push([name, decodeCookie(text)]);
      }
      return members;
    },
  };
}

/**
 * At a space the next cookie begins for Python's `http.cookies`, and after a quote a semicolon belongs to the value.
 * Wider than RFC 6265 all the same: lists have commas, and JSON has quotes.
 */
const ONE_VALUE = /^(?:(?!")[!-~]*|"[ !#-[\]-~]*")$/;

/** Whether every service reads these cookies as they are read here, and finds no other in them. */
export function areUnambiguous(names: readonly string[], cookies: Cookies): boolean {
  return names.every((name) => cookies.get(name)?.every((value) => ONE_VALUE.test(value)) ?? true);
}

/** Half of what an authorizer's context may hold; the rest says who calls. */
const MAXIMUM_COOKIE_CHARACTERS = 2048;

const PRINTABLE = /^[ -~]*$/;

/**
 * The `Cookie` header with these cookies only; `ABSENT` where there is none of them. Undefined where it is too long, or
 * has characters that no header may have.
 */
export function pickCookies(names: readonly string[], lines: readonly string[]): string | undefined {
  const cookies = readCookies(lines);
  const pairs = names.flatMap((name) => (cookies.get(name) ?? []).map((value) => `${name}=${value}`));
  const text = pairs.join('; ');
  if (text.length > MAXIMUM_COOKIE_CHARACTERS || !PRINTABLE.test(text)) return undefined;
  return text || ABSENT;
}
