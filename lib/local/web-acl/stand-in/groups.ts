/** What the OWASP rules made of a request. */
export interface Finding {
  /** Scores of the rules that matched, by their number. */
  readonly scores: ReadonlyMap<number, number>;
  /** nginx did not even read the request: its own refusal. */
  readonly unread?: string;
}

/** Families of the OWASP Core Rule Set, by the first three digits of their rules. */
const SCANNERS = 913;
const FILE_INCLUSION = 930;
const REMOTE_INCLUSION = 931;
const COMMANDS = 932;
const PHP = 933;
const NODE = 934;
const SCRIPTING = 941;
const SQL = 942;
const JAVA = 944;

/**
 * Which families stand in for which of AWS's groups, by what the guide says a group is about. Lists of addresses,
 * bots, takeover, floods and admin paths have no like in the OWASP rules; protocol and method rules no like at AWS.
 */
const FAMILIES: Readonly<Record<string, readonly number[]>> = {
  AWSManagedRulesCommonRuleSet: [SCANNERS, FILE_INCLUSION, REMOTE_INCLUSION, SCRIPTING],
  AWSManagedRulesKnownBadInputsRuleSet: [NODE, JAVA],
  AWSManagedRulesSQLiRuleSet: [SQL],
  AWSManagedRulesLinuxRuleSet: [FILE_INCLUSION, COMMANDS],
  AWSManagedRulesUnixRuleSet: [COMMANDS],
  AWSManagedRulesWindowsRuleSet: [COMMANDS],
  AWSManagedRulesPHPRuleSet: [PHP],
};

/** The score from which the OWASP rules refuse by default: one critical finding. */
const THRESHOLD = 5;

/** Rules are read from the files of these families only. */
export const FAMILY_NUMBERS: readonly number[] = [...new Set(Object.values(FAMILIES).flat())].sort();

export function isStoodInFor(group: string): boolean {
  return Object.hasOwn(FAMILIES, group);
}

/** Why the OWASP rules refuse in the place of a group; nothing where they do not. */
export function refusals({ scores, unread }: Finding, group: string): readonly string[] {
  if (unread !== undefined) return [unread];
  const families = FAMILIES[group] ?? [];
  const matched = [...scores].filter(([rule]) => families.includes(Math.floor(rule / 1000)));
  const score = matched.reduce((sum, [, one]) => sum + one, 0);

  return score >= THRESHOLD ? matched.map(([rule]) => String(rule)) : [];
}
