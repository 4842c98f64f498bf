import { FindingSeverity, type Report } from './report';

const ORDER = [FindingSeverity.INFO, FindingSeverity.WARNING, FindingSeverity.ERROR];

/** Whether a severity is as high as another, or higher. */
export function isAtLeast(severity: FindingSeverity, threshold: FindingSeverity): boolean {
  return ORDER.indexOf(severity) >= ORDER.indexOf(threshold);
}

/** Turns findings of a severity, and of higher ones, into problems. */
export function failOnFindings(threshold: FindingSeverity | undefined, report: Report): void {
  if (threshold === undefined) return;

  for (const { code, severity, at, operation, message, remedy } of report.findings) {
    if (!isAtLeast(severity, threshold)) continue;
    report.problems.push({ code, at, message: operation ? `${operation}: ${message}` : message, remedy });
  }
}
