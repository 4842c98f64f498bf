import { createContext, Script } from 'node:vm';
import { exec, type JsonValue } from 'jsonpath-rfc9535';
import parse from 'jsonpath-rfc9535/parser';
import { shown } from '../suggestion';

/** Longest search for one target. Box's 23,000 lines take a tenth of a second. */
const SECONDS = 10;

/** What a target selects: reference tokens of each node, once, elements of lists in their order. */
export type Selection =
  | {
      readonly paths: readonly (readonly string[])[];
      /** The names and indices of a target that selects one node at most. */
      readonly single?: readonly string[];
    }
  | { readonly fault: string; readonly remedy: string; readonly slow?: true };

const search = new Script('search()');

/**
 * Selects nodes by JSONPath (RFC 9535).
 *
 * Bounded in time, since a filter may nest searches or match with a pattern that backtracks without end.
 */
export function selectNodes(value: unknown, target: string): Selection {
  const paths: string[][] = [];
  try {
    const { segments } = parse(target);
    const ambiguous = matchedPatterns(segments).find(hasOpenAlternative);
    if (ambiguous !== undefined) return openAlternative(ambiguous);

    const select = () => exec(value as JsonValue, target, (_, path) => paths.push(path.map(key)));
    search.runInContext(createContext({ search: select }), { timeout: SECONDS * 1_000 });
    const tokens = segments.map(tokenOf);
    const single = tokens.filter((token) => token !== undefined);
    return {
      paths: unique(paths).sort(byPosition),
      ...(single.length === tokens.length ? { single } : {}),
    };
  } catch (error) {
    if (isTimeout(error)) {
      return {
        fault: `takes more than ${SECONDS} s to look for`,
        remedy: "name more of the path, with fewer '..' and simpler patterns",
        slow: true,
      };
    }
    const reason = error instanceof Error ? error.message.slice(0, 120) : 'unknown fault';
    return { fault: `is no JSONPath: ${reason}`, remedy: "write one of RFC 9535, such as '$.paths[*].get'" };
  }
}

/** The library answers names as normalized paths escape them (RFC 9535 section 2.7). */
function key(name: string | number): string {
  return typeof name === 'number' ? String(name) : name.replaceAll(/\\(u[0-9a-f]{4}|.)/g, unescaped);
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unescaped(_: string, letter: string): string {
  if (letter.length > 1) return String.fromCharCode(Number.parseInt(letter.slice(1), 16));
  return ESCAPES[letter] ?? letter;
}

function unique(paths: readonly string[][]): string[][] {
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
}

/** What contains another comes before it. */
function byPosition(one: readonly string[], other: readonly string[]): number {
  const at = one.findIndex((token, index) => token !== other[index]);
  const [first, second] = [one[at], other[at]];
  if (first === undefined) return one.length - other.length;
  if (second === undefined) return 1;
  return Number(first) - Number(second) || (first < second ? -1 : 1);
}

/** The name or index a segment consists of; undefined if it may select several nodes. */
function tokenOf({ type, node }: { readonly type: string; readonly node: object }): string | undefined {
  if (type !== 'ChildSegment') return undefined;
  const selectors = 'selectors' in node && Array.isArray(node.selectors) ? node.selectors : [node];
  const [selector] = selectors as readonly { readonly type: string; readonly value?: unknown }[];
  const isOne =
    selectors.length === 1 &&
    /^(?:NameSelector|IndexSelector|MemberNameShorthand)$/.test(selector?.type ?? '');
  return isOne ? String(selector?.value) : undefined;
}

/** Patterns that `match` is given as text, anywhere within a parsed path. */
function matchedPatterns(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  const own =
    'name' in part && part.name === 'match' && 'arguments' in part && Array.isArray(part.arguments)
      ? part.arguments.slice(1).map((argument: { readonly value?: unknown }) => argument.value)
      : [];
  return [
    ...own.filter((pattern) => typeof pattern === 'string'),
    ...Object.values(part).flatMap(matchedPatterns),
  ];
}

/** The library anchors the first and the last alternative only, so that `match` would select too much. */
function hasOpenAlternative(pattern: string): boolean {
  let rest = pattern.replaceAll(/\\./gs, '').replaceAll(/\[[^\]]*\]/g, '');
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replaceAll(/\([^()]*\)/g, '');
  }
  return rest.includes('|');
}

function openAlternative(pattern: string): Selection {
  return {
    fault: `matches ${shown(pattern)}, whose alternatives are not held together`,
    remedy: 'put the alternatives in parentheses',
  };
}

function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
