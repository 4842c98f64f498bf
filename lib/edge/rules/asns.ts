import type { RuleContext, RuleDraft } from '../rule-draft';

/** Most numbers in one statement (aws-facts 7.9: not confirmed). */
const MAXIMUM_ASNS = 100;
const LARGEST_ASN = 4_294_967_295;

/** Listed autonomous systems are refused. */
export function asns({ settings, at, problems }: RuleContext): RuleDraft[] {
  const list = settings.refusedAsns ?? [];
  if (list.length === 0) return [];
  const wrong = list.filter((asn) => !Number.isInteger(asn) || asn < 0 || asn > LARGEST_ASN);
  if (wrong.length > 0 || list.length > MAXIMUM_ASNS) {
    problems.push({
      code: 'INVALID_ASNS',
      at,
      message: `'refusedAsns' needs at most ${MAXIMUM_ASNS} numbers of autonomous systems, got ${list.length} of which wrong: ${JSON.stringify(wrong)}`,
      remedy: 'write for example [64496]',
    });
  }

  return [{ statement: { asnMatchStatement: { asnList: [...list] } } }];
}
