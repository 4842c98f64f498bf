import { type Finding, FindingSeverity } from '../report';

const SEVEREST_FIRST = [FindingSeverity.ERROR, FindingSeverity.WARNING, FindingSeverity.INFO];

/** Findings as a reader wants them: the severest first, then by code, then in the order of the document. */
export function rankFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (one, other) =>
      SEVEREST_FIRST.indexOf(one.severity) - SEVEREST_FIRST.indexOf(other.severity) ||
      one.code.localeCompare(other.code),
  );
}
