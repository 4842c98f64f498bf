import type { PatternRule, ValueRule } from '../../protocol/parameter-rules';
import { isSafe } from '../safe-pattern';
import { patternProgram } from './pattern-program';
import type { KeywordUse } from './value-keywords';

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
