import type { RuleContext, RuleDraft } from '../rule-draft';
import { not } from '../statement';

/** Countries outside of the given ones, or the given ones, are refused. */
export function countries({ settings, at, problems }: RuleContext): RuleDraft[] {
  if (!settings.countries) return [];
  const { codes, onlyThese } = settings.countries;
  const wrong = codes.filter((code) => !/^[A-Z]{2}$/.test(code));
  if (wrong.length > 0 || codes.length === 0) {
    problems.push({
      code: 'INVALID_COUNTRIES',
      at,
      message: `'countries' needs ISO 3166-1 alpha-2 codes, got ${JSON.stringify(codes)}`,
      remedy: "write for example Countries.only('GB', 'FR')",
    });
  }
  const listed = { geoMatchStatement: { countryCodes: [...codes] } };

  return [{ statement: onlyThese ? not(listed) : listed }];
}
