import { Token } from 'aws-cdk-lib';
import type { Problem } from '../errors';
import type { AuditOptions } from './audit-options';

const ROLE = /^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/** What is wrong with the options of the record and of those who watch it. */
export function auditProblems(at: string, { unreportedRoles = [] }: AuditOptions): Problem[] {
  return unreportedRoles
    .filter((role) => !Token.isUnresolved(role) && !ROLE.test(role))
    .map((role) => ({
      code: 'UNREPORTED_ROLE',
      at: `${at}.unreportedRoles`,
      message: `CloudTrail knows roles by their ARN, got ${JSON.stringify(role)}`,
      remedy: "write 'arn:aws:iam::<account>:role/<name>', also of a role whose sessions are assumed",
    }));
}
