import { isObject, type Json, listOf, objectOf } from '../template/read';
import { type Compilation, invalid } from './evaluation';

/** Most characters of a regular expression; 512 is what the API's schema reads, not what AWS takes. */
export const MAXIMUM_PATTERN = 200;

const MAXIMUM_REFERENCES = 50;
const MAXIMUM_COUNTRIES = 50;
const REFERENCES = [
  'IPSetReferenceStatement',
  'RegexPatternSetReferenceStatement',
  'RuleGroupReferenceStatement',
];

/** Quotas that nobody can have raised: https://docs.aws.amazon.com/waf/latest/developerguide/limits.html */
export function checkQuotas(rules: readonly Json[], compilation: Compilation, isGroup: boolean): void {
  const maximumRates = isGroup ? 4 : 10;
  const rates = statementsOf(rules, ['RateBasedStatement']).length;
  if (rates > maximumRates) {
    invalid(compilation, `AWS WAF takes ${maximumRates} rate rules here, got ${rates}`, 'leave out some');
  }
  const references = statementsOf(rules, REFERENCES).length;
  if (references > MAXIMUM_REFERENCES) {
    invalid(
      compilation,
      `AWS WAF takes ${MAXIMUM_REFERENCES} references to sets and groups, got ${references}`,
      'join some',
    );
  }
  for (const rule of rules) {
    const countries = statementsOf(rule, ['GeoMatchStatement']).flatMap((geo) =>
      listOf(objectOf(geo)['CountryCodes']),
    ).length;
    if (countries <= MAXIMUM_COUNTRIES) continue;
    invalid(
      compilation,
      `AWS WAF takes ${MAXIMUM_COUNTRIES} countries in a rule, got ${countries}`,
      'share them out among rules',
    );
  }
}

/** Statements of some kinds, however deep. */
function statementsOf(value: unknown, kinds: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => statementsOf(item, kinds));
  if (!isObject(value)) return [];

  return Object.entries(value).flatMap(([key, inner]) => [
    ...(kinds.includes(key) ? [inner] : []),
    ...statementsOf(inner, kinds),
  ]);
}
