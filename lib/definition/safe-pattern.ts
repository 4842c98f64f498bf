import { isSafePattern } from 'redos-detector';

/** More ways than this to match one text, and a pattern is not safe. */
const MAXIMUM_SCORE = 200;

/** Counted in steps, not in time, so that a slow machine decides alike. */
const MAXIMUM_STEPS = 1_500;

const verdicts = new Map<string, boolean>();

/** Whether a pattern is proven not to backtrack without bound, whatever the text. */
export function isSafe({ source, flags }: { readonly source: string; readonly flags: 'u' | '' }): boolean {
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
