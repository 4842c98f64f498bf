import type { RuleContext, RuleDraft } from '../rule-draft';
import { not } from '../statement';

/** A fixed quota: https://docs.aws.amazon.com/waf/latest/developerguide/limits.html */
const MAXIMUM_CODES = 50;

/** Countries outside of the given ones, or the given ones, are refused. */
export function countries({ settings, at, problems }: RuleContext): RuleDraft[] {
  if (!settings.countries) return [];
  const { codes, onlyThese } = settings.countries;
  const wrong = codes.filter((code) => !isCountry(code));
  if (wrong.length > 0 || codes.length === 0) {
    const instead = wrong.flatMap((code) => inUse(code) ?? []);
    problems.push({
      code: 'INVALID_COUNTRIES',
      at,
      message:
        codes.length === 0
          ? "'countries' names none"
          : `'countries' needs ISO 3166-1 alpha-2 codes that AWS WAF knows, got ${JSON.stringify(wrong)}`,
      remedy:
        instead.length > 0
          ? `write ${instead.map((code) => `'${code}'`).join(', ')}`
          : "write for example Countries.only('GB', 'FR')",
    });
  }
  if (codes.length > MAXIMUM_CODES) {
    problems.push({
      code: 'TOO_MANY_COUNTRIES',
      at,
      message: `AWS WAF takes ${MAXIMUM_CODES} countries in a rule, got ${codes.length}`,
      remedy: onlyThese
        ? 'name those that may not call: Countries.allBut(…)'
        : 'name those that may call: Countries.only(…)',
    });
  }
  const listed = { geoMatchStatement: { countryCodes: [...codes] } };

  return [{ statement: onlyThese ? not(listed) : listed }];
}

const names = () => new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** Regions with a code that are no country of ISO 3166-1 (exceptionally reserved, or Unicode's own): AWS WAF knows none. */
const NO_COUNTRY = /^(AC|CP|CQ|DG|EA|EU|EZ|IC|QO|TA|UN|XA|XB|ZZ)$/;

/** Of what is left AWS WAF knows all 250, `XK` among them: https://docs.aws.amazon.com/waf/latest/APIReference/API_GeoMatchStatement.html */
function isCountry(code: string): boolean {
  return (
    /^[A-Z]{2}$/.test(code) &&
    names().of(code) !== undefined &&
    inUse(code) === undefined &&
    !NO_COUNTRY.test(code)
  );
}

/** The code in force where `code` is another spelling of it: `GB` for `UK` or `gb`. */
function inUse(code: string): string | undefined {
  const spelled = code.trim().toUpperCase();
  if (!/^[A-Z]{2}$/.test(spelled) || NO_COUNTRY.test(spelled)) return undefined;
  const { region } = new Intl.Locale(`und-${spelled}`);
  if (region === undefined || region === code || names().of(region) === undefined) return undefined;
  return region;
}
