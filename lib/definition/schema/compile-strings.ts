import { isSafe } from '../safe-pattern';
import { isNumberFormat } from './compile-numbers';
import { formatsOf, isEnumerated } from './compile-values';
import { FORMATS, HINTS } from './formats';
import { portablePattern, regExpOf } from './pattern';
import { countAt, stringAt } from './read-keyword';
import { at, type ObjectNode } from './schema-node';
import type { Scope } from './scope';
import type { Kind } from './types';

/** Compiles lengths, patterns and formats of strings. */
export function compileString(scope: Scope, kinds: ReadonlySet<Kind>): void {
  if (!kinds.has('string')) return;

  const formats = compileFormats(scope);
  const bounded = compilePatterns(scope) || formats.bounded;
  const shortest = counts(scope, 'minLength');
  const longest = [...counts(scope, 'maxLength'), ...formats.maxLengths];
  if (shortest.length > 0) scope.add({ minLength: Math.max(...shortest) });
  if (longest.length > 0) scope.add({ maxLength: Math.min(...longest) });
  if (longest.length === 0 && !bounded && !isEnumerated(scope))
    scope.findUnbounded(['string'], 'a string of any length', "add 'maxLength'");
}

const counts = (scope: Scope, keyword: string): number[] =>
  scope.nodes.flatMap((node) => countAt(scope, node, keyword) ?? []);

function compilePatterns(scope: Scope): boolean {
  let bounded = false;
  for (const node of scope.nodes) {
    const pattern = stringAt(scope, node, 'pattern');
    if (pattern === undefined) continue;

    const portable = portablePattern(pattern);
    if (!portable) {
      scope.weaken();
      const message = `'pattern' is not a regular expression, got ${JSON.stringify(pattern.slice(0, 80))}`;
      scope.compiler.problem(at(node, 'pattern'), message, 'write a pattern of ECMA-262');
      continue;
    }
    if (portable.source === undefined) {
      scope.lose(
        node,
        'pattern',
        'the pattern is not checked, because engines other than browsers refuse it',
      );
      continue;
    }
    scope.add({ pattern: portable.source });
    bounded ||= portable.bounded;
    reportDialect(scope, node, portable.differences);
    reportUnsafe(scope, node, pattern);
  }
  return bounded;
}

function reportDialect(scope: Scope, node: ObjectNode, differences: readonly string[]): void {
  if (differences.length === 0) return;
  scope.compiler.finding(at(node, 'pattern'), {
    code: 'PATTERN_DIALECT',
    message: `API Gateway's engine may read this pattern differently: ${differences.join('; ')}`,
    remedy: 'write the pattern without it',
    fact: '4.10',
  });
}

function reportUnsafe(scope: Scope, node: ObjectNode, source: string): void {
  const flags = regExpOf(source)?.unicode ? 'u' : '';
  if (isSafe({ source, flags })) return;
  scope.compiler.finding(at(node, 'pattern'), {
    code: 'UNSAFE_PATTERN',
    message: 'matching this pattern may take time that grows faster than the text',
    remedy: "give its repetitions less to overlap in, and the string a 'maxLength'",
  });
}

function compileFormats(scope: Scope): { bounded: boolean; maxLengths: number[] } {
  let bounded = false;
  const maxLengths: number[] = [];
  for (const { node, format } of formatsOf(scope)) {
    const known = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
    if (known) {
      scope.add({ pattern: portablePattern(known.pattern)?.source ?? known.pattern });
      if (known.maxLength !== undefined) maxLengths.push(known.maxLength);
      if (known.weaker)
        scope.loseSlightly(node, 'format', `'${format}' is held but for this: ${known.weaker}`);
      bounded ||= known.bounded === true;
    } else if (!HINTS.has(format) && !isNumberFormat(format)) {
      scope.lose(
        node,
        'format',
        `format ${JSON.stringify(format)} is not checked at the gateway`,
        "add a 'pattern'",
      );
    }
  }
  return { bounded, maxLengths };
}
