import { Token } from 'aws-cdk-lib';
import type { Problem } from '../errors';
import type { AuditOptions } from './audit-options';

const ROLE = /^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/** Characters of all: each of EventBridge's rules takes 2,048, and names them beside what it watches. */
const LONGEST_ROLES = 600;

/** AWS's own key for topics: nobody can let alarms or EventBridge use it, and nothing would be told. */
const UNUSABLE_KEY = 'alias/aws/sns';

/** What is wrong with the options of the record and of those who watch it. */
export function auditProblems(
  at: string,
  { unreportedRoles = [], alarmTopic }: AuditOptions,
  region: string,
): Problem[] {
  const length = unreportedRoles.reduce((sum, role) => sum + role.length + 3, 0);
  return [
    ...unreportedRoles
      .filter((role) => !Token.isUnresolved(role) && !ROLE.test(role))
      .map((role) => ({
        code: 'UNREPORTED_ROLE',
        at: `${at}.unreportedRoles`,
        message: `CloudTrail knows roles by their ARN, got ${JSON.stringify(role)}`,
        remedy: "write 'arn:aws:iam::<account>:role/<name>', also of a role whose sessions are assumed",
      })),
    ...(length > LONGEST_ROLES
      ? [
          {
            code: 'UNREPORTED_ROLES',
            at: `${at}.unreportedRoles`,
            message: `a rule of EventBridge has room for ${LONGEST_ROLES} characters of roles, got ${length}`,
            remedy: 'name fewer: those that deploy',
          },
        ]
      : []),
    ...(alarmTopic && isElsewhere(alarmTopic.env.region, region)
      ? [
          {
            code: 'ALARM_TOPIC_REGION',
            at: `${at}.alarmTopic`,
            message: `alarms and rules of ${region} publish to no topic of ${alarmTopic.env.region}`,
            remedy: "give a topic of the gateway's own region; its subscribers may be anywhere",
          },
        ]
      : []),
    ...(alarmTopic?.masterKey?.keyArn.endsWith(UNUSABLE_KEY)
      ? [
          {
            code: 'ALARM_TOPIC_KEY',
            at: `${at}.alarmTopic`,
            message: `alarms cannot publish to a topic that '${UNUSABLE_KEY}' encrypts`,
            remedy: 'encrypt it with a key of your own, or leave its key out',
          },
        ]
      : []),
  ];
}

function isElsewhere(one: string, other: string): boolean {
  return !Token.isUnresolved(one) && !Token.isUnresolved(other) && one !== other;
}
