import { type Json, numberOf, textOf } from '../../template/read';
import { type Compilation, invalid, type Matcher } from '../evaluation';
import { RateWindow } from '../rate-window';
import type { RateReport } from '../trace';
import { type RateKey, rateKeyOf } from './rate-key';

const WINDOWS = [60, 120, 300, 600];
const DEFAULT_WINDOW = 300;
const MINIMUM_LIMIT = 10;

/** Requests of one key above a limit in a sliding window. */
export function rateBased(
  statement: Json,
  compilation: Compilation,
  scopeDown: Matcher | undefined,
): Matcher {
  const limit = numberOf(statement['Limit']) ?? 0;
  const windowSeconds = numberOf(statement['EvaluationWindowSec']) ?? DEFAULT_WINDOW;
  const key = rateKeyOf(statement, compilation);
  if (limit < MINIMUM_LIMIT || !WINDOWS.includes(windowSeconds) || !key) {
    return invalid(
      compilation,
      `AWS WAF does not take a rate of ${limit} in ${windowSeconds} seconds by ${textOf(statement['AggregateKeyType'])}`,
      'give 10 or more in 60, 120, 300 or 600 seconds, by keys API Gateway has',
    );
  }
  if (key.limitKey === 'CONSTANT' && !scopeDown) {
    return invalid(compilation, 'a rate by CONSTANT needs a scope-down statement', 'give one');
  }
  const rate = new RateWindow(limit, windowSeconds, compilation.now);
  const settings = { rule: compilation.rule, limitKey: key.limitKey, limit, windowSeconds };

  return (evaluation) => {
    const inScope = scopeDown ? scopeDown(evaluation) : true;
    if (!inScope) return inScope;
    const values = key.parts.map(({ read }) => read(evaluation));
    const exceeds = values.every((value) => value !== undefined)
      ? rate.exceeds(JSON.stringify(values))
      : key.fallsBack(evaluation);
    if (exceeds) evaluation.trace.rates.push({ ...settings, ...seen(key, values) });

    return exceeds;
  };
}

/** What the log tells of a key: an address, or the parts of a custom one. */
function seen(
  { limitKey, parts }: RateKey,
  values: readonly (string | undefined)[],
): Pick<RateReport, 'limitValue' | 'values'> {
  if (limitKey === 'CONSTANT') return {};
  if (limitKey !== 'CUSTOMKEYS') return { limitValue: values[0] ?? 'INVALID' };

  return {
    values: parts.map(({ key, name }, index) => ({
      key,
      ...(name !== undefined && { name }),
      value: values[index] ?? '',
    })),
  };
}
