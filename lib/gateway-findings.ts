import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type Finding, FindingSeverity } from './definition/report';
import { visible } from './visible';

const MAXIMUM_LINES = 20;

const SEVEREST_FIRST = [FindingSeverity.ERROR, FindingSeverity.WARNING, FindingSeverity.INFO];

/**
 * Tells the person at synthesis what was found, the severest first; a long list ends in counts.
 */
export function reportFindings(scope: IConstruct, findings: readonly Finding[]): void {
  const sorted = [...findings].sort((left, right) => rank(left.severity) - rank(right.severity));
  for (const finding of sorted.slice(0, MAXIMUM_LINES)) annotate(scope, finding);

  const rest = sorted.slice(MAXIMUM_LINES);
  if (rest.length > 0) {
    Annotations.of(scope).addInfo(
      `${countsOf(rest)} more; list them all with: npx secure-api-gateway explain --findings --definition <file> --overlay <file>`,
    );
  }
}

function rank(severity: FindingSeverity): number {
  return SEVEREST_FIRST.indexOf(severity);
}

function annotate(scope: IConstruct, { code, severity, at, operation, message, remedy }: Finding): void {
  const text = visible(`${at}: ${operation ? `${operation}: ` : ''}${message}; ${remedy} [${code}]`);
  const annotations = Annotations.of(scope);
  if (severity === FindingSeverity.INFO) annotations.addInfo(text);
  else annotations.addWarningV2(`secure-api-gateway:${code}:${at}`, text);
}

function countsOf(findings: readonly Finding[]): string {
  return SEVEREST_FIRST.map((severity) => ({
    severity,
    count: findings.filter((finding) => finding.severity === severity).length,
  }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}${count === 1 || severity === 'info' ? '' : 's'}`)
    .join(', ');
}
