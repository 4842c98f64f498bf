import type { Reader, Verdict } from './parameters-reading';

/** Dot segments, also as servers with path parameters know them (`..;a`). */
const DOT_SEGMENT = /^\.{1,2}(?:;|$)/;

const HASH = 0x23;
const PERCENT = 0x25;
const DOT = 0x2e;
const SLASH = 0x2f;
const QUESTION_MARK = 0x3f;
const BACKSLASH = 0x5c;

/** What ends a segment, or the path, once it stands decoded in an address; IIS and URL parsers take `\` for `/`. */
const ENDS_SEGMENT = /[/\\?#]/;

/** Where a server may stop to read: path parameters, a format as Rails has it, a query, a fragment. */
const STOPS = ';.?#';

/**
 * Whether the text of a path variable, decoded, would leave its segment: a slash of either kind, a question mark, a dot
 * segment or a control character makes the backend see another path than the one that was authorized.
 */
export function isUnsafeSegment(text: string): boolean {
  if (isPlain(text)) return false;
  return forms(text).some(
    (form) => form === undefined || ENDS_SEGMENT.test(form) || hasControl(form) || DOT_SEGMENT.test(form),
  );
}

/**
 * Whether a backend may take the text of a path variable for one of these: decoded, without what servers leave out
 * (`export;v=1`, `export.json`), or in another case, which Express and others do not tell apart.
 */
export function mayBeOneOf(text: string, fixed: readonly string[]): boolean {
  const read = forms(text).map((form = '') => form.trim().toLowerCase());
  return fixed.some((other) => read.some((form) => mayBe(form, other.toLowerCase())));
}

// at the end there is no character, and any text has that in it
function mayBe(form: string, other: string): boolean {
  return form.startsWith(other) && STOPS.includes(form.charAt(other.length));
}

/** Whether a text has nothing that could make it unsafe, which nearly all have not. */
function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (isControl(code) || isSuspect(code)) return false;
  }
  return true;
}

function isSuspect(code: number): boolean {
  return (
    code === PERCENT ||
    code === DOT ||
    code === SLASH ||
    code === BACKSLASH ||
    code === QUESTION_MARK ||
    code === HASH
  );
}

/**
 * Judges a path variable. REST events carry it percent-encoded, and API Gateway decodes it on its way to the
 * backend, which then cannot tell an encoded comma from one that separates. Where a percent-encoding is left
 * after that, the backend may or may not decode once more. Every way to read it must satisfy the rule.
 */
export function judgePath(reader: Reader, text: string): Verdict {
  if (!text.includes('%')) return reader.text(text);
  const once = decode(text);
  if (once === undefined) return 'MALFORMED';

  const verdict = reader.text(text, decodePart) ?? reader.text(once);
  const twice = decode(once);
  if (verdict || twice === once || twice === undefined) return verdict;
  return reader.text(once, decodePart) ?? reader.text(twice);
}

function decodePart(text: string): string {
  return decode(text) ?? text;
}

/** The text as sent, decoded, and decoded again; undefined if it cannot be decoded the first time. */
function forms(text: string): (string | undefined)[] {
  if (!text.includes('%')) return [text];
  const once = decode(text);
  const twice = once === undefined ? undefined : (decode(once) ?? once);
  return [once, twice];
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function hasControl(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (isControl(text.charCodeAt(index))) return true;
  return false;
}

function isControl(code: number): boolean {
  return code < 0x20 || code === 0x7f;
}
