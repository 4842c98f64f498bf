import { Token } from 'aws-cdk-lib';

/**
 * Longest regular expression WAF takes: a fixed quota (https://docs.aws.amazon.com/waf/latest/developerguide/limits.html).
 * The 512 of the API's and CloudFormation's schemas is what they read, not what they take
 * (hashicorp/terraform-provider-aws#33626).
 */
export const MAXIMUM_PATTERN = 200;

/** An unresolved prefix counts as the longest stage name with its slash. */
const UNKNOWN_PREFIX = 129;

/**
 * Regular expressions that match the paths, each of them short enough for WAF.
 *
 * WAF sees the path as the client sent it: behind the stage's name on API Gateway's own endpoint, behind the
 * base path on a custom domain. Each prefix may therefore stand in front, or none. `{name}` stands for one
 * segment, `{name+}` for the rest; with `variables` both stand for what is given.
 */
export function pathPatterns(
  paths: readonly string[],
  prefixes: readonly string[],
  variables?: string,
): string[] {
  const front = prefixes.length === 0 ? '' : `(${prefixes.map(escapePrefix).join('|')})?`;
  const room = MAXIMUM_PATTERN - lengthOf(prefixes) - '^()/*$'.length;
  const patterns = [...new Set(paths)].sort().map((path) => segmentsPattern(path, variables));

  return inChunks(patterns, room).map((chunk) => `^${front}(${chunk.join('|')})/*$`);
}

/** One character or more, of any kind: a dot leaves out the line feed, which a path may have as `%0A`. */
export const ANYTHING = '[\\s\\S]+';

const VARIABLE = /^\{[^}]*\}$/;

/** `{name}` or `{name+}`. */
export function isVariable(segment: string): boolean {
  return VARIABLE.test(segment);
}

/** `{name+}`, which stands for the rest of a path. */
export function isRest(segment: string): boolean {
  return isVariable(segment) && segment.endsWith('+}');
}

/** Whether a path has variables. */
export function hasVariable(path: string): boolean {
  return path.split('/').some(isVariable);
}

/** Escapes what is special in a regular expression. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/**
 * The same expression for text in lower and in upper case: `ab` becomes `[aA][bB]`, and `[a-f_]` `[a-fA-F_]`. What
 * stands behind a backslash is left as it is.
 */
export function inBothCases(lowerCase: string): string {
  return lowerCase.replace(/\\x[0-9a-fA-F]{2}|\\.|\[(?:\\.|[^\]\\])*\]|[a-z]/g, (part) => {
    if (part.startsWith('\\')) return part;
    if (!part.startsWith('[')) return `[${part}${part.toUpperCase()}]`;
    return part.replace(/\\x[0-9a-fA-F]{2}|\\.|[a-z]-[a-z]|[a-z]/g, (letters) =>
      letters.startsWith('\\') ? letters : `${letters}${letters.toUpperCase()}`,
    );
  });
}

function escapePrefix(prefix: string): string {
  // a stage name has no special characters, so a deploy-time one needs no escaping
  return Token.isUnresolved(prefix) ? prefix : escapePattern(prefix);
}

function segmentsPattern(path: string, variables?: string): string {
  return path
    .replace(/\/+$/, '')
    .split('/')
    .map((segment) => {
      // URL_DECODE makes a space of a plus
      if (!isVariable(segment)) return escapePattern(segment).replaceAll('\\+', '[+ ]');
      return variables ?? (isRest(segment) ? ANYTHING : '[^/]+');
    })
    .join('/');
}

function lengthOf(prefixes: readonly string[]): number {
  const lengths = prefixes.map((prefix) =>
    Token.isUnresolved(prefix) ? UNKNOWN_PREFIX : escapePattern(prefix).length,
  );

  return lengths.reduce((sum, length) => sum + length + 1, prefixes.length === 0 ? 0 : '()?'.length);
}

/**
 * Fills chunks in order, with `|` between patterns, as long as they are `asWritten`; one too long for any chunk stands
 * alone and is reported by the limits check.
 */
export function inChunks(
  patterns: readonly string[],
  room: number,
  asWritten: (pattern: string) => string = (pattern) => pattern,
): string[][] {
  const chunks: string[][] = [];
  let left = 0;
  for (const pattern of patterns) {
    const { length } = asWritten(pattern);
    if (chunks.length === 0 || length + 1 > left) {
      chunks.push([]);
      left = room;
    }
    chunks.at(-1)?.push(pattern);
    left -= length + 1;
  }

  return chunks;
}
