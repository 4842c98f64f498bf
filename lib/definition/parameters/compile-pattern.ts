import { isSafePattern } from 'redos-detector';
import type { PatternRule, ValueRule } from '../../protocol/parameter-rules';
import { patternProgram } from './pattern-program';
import type { KeywordUse } from './value-keywords';

/** More ways than this to match one text, and a pattern is refused. */
const MAXIMUM_SCORE = 200;

/** Counted in steps, not in time, so that a slow machine decides alike. */
const MAXIMUM_STEPS = 1_500;

const verdicts = new Map<string, boolean>();

/**
 * A pattern the authorizer can run on what a stranger sends: as it is if it is proven not to backtrack
 * without bound, else as an automaton, which cannot; refused if it can be neither.
 */
export function compilePattern({ compiler, keyword }: KeywordUse): ValueRule {
  const { value } = keyword;
  const pattern = typeof value === 'string' ? parse(value) : undefined;
  if (pattern === undefined) {
    compiler.invalid(keyword, `'pattern' is not a regular expression, got ${JSON.stringify(value)}`);
    return {};
  }
  if (isSafe(pattern)) return { pattern };

  const program = patternProgram(pattern.source, pattern.flags);
  if (program) return { pattern: { ...pattern, program } };

  compiler.context.report.problem(
    'UNSAFE_PATTERN',
    keyword,
    `${compiler.context.operation}: pattern ${JSON.stringify(value)} may take time that grows faster than its input, and looks around or back or is too large to be run otherwise`,
    'write it without lookaround and back references, or give its repetitions less to overlap in',
  );
  return {};
}

/** JSON Schema wants Unicode patterns; many documents have some that are valid without the flag only. */
function parse(source: string): PatternRule | undefined {
  for (const flags of ['u', ''] as const) {
    try {
      new RegExp(source, flags);
      return { source, flags };
    } catch {
      // the next flags may do
    }
  }
  return undefined;
}

function isSafe({ source, flags }: PatternRule): boolean {
  const key = `${flags}/${source}`;
  const known = verdicts.get(key);
  if (known !== undefined) return known;

  const verdict = isSafePattern(source, {
    unicode: flags === 'u',
    maxScore: MAXIMUM_SCORE,
    maxSteps: MAXIMUM_STEPS,
    timeout: Number.POSITIVE_INFINITY,
  }).safe;
  verdicts.set(key, verdict);
  return verdict;
}
