import { visible } from '../visible';
import type { ReviewFinding } from './finding';

/** Findings for a person, one paragraph each, the certain ones first. */
export function formatFindings(findings: readonly ReviewFinding[]): string {
  if (findings.length === 0) return 'no findings';

  const certain = findings.filter(({ certainty }) => certainty === 'certain');
  const unknown = findings.filter(({ certainty }) => certainty === 'unknown');
  const counts = `${certain.length} finding${certain.length === 1 ? '' : 's'}, ${unknown.length} unknown`;

  return [...[...certain, ...unknown].map(formatFinding), counts].join('\n\n');
}

function formatFinding({ rule, certainty, at, location, message, remedy }: ReviewFinding): string {
  const mark = certainty === 'certain' ? rule : `${rule} (unknown)`;
  return [`${mark}: ${message}`, `  at ${at} ${location}`, `  ${remedy}`].map(visible).join('\n');
}
