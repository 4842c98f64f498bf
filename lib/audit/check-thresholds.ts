import { Duration, Token } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Problem } from '../errors';
import type { AlarmThresholds } from './alarm-thresholds';
import type { AuditOptions } from './audit-options';

const COUNTS = [
  'serverErrors',
  'unauthenticated',
  'forbidden',
  'rateLimited',
  'blocked',
  'tenantRequests',
] as const satisfies readonly (keyof AlarmThresholds)[];

const DURATIONS = [
  'latency',
  'authorizerDuration',
  'keyExpiry',
  'sensitiveMemory',
] as const satisfies readonly (keyof AlarmThresholds)[];

/** The authorizer's function is stopped then. */
const LONGEST_DECISION = Duration.seconds(10);

/** How long who used a sensitive operation is known, unless said otherwise. */
export const SENSITIVE_MEMORY = Duration.days(30);

/** Alarms that would go off always, or never. */
export function thresholdProblems(
  at: string,
  { alarmTopic, alarmThresholds = {}, retention = RetentionDays.ONE_YEAR }: AuditOptions,
  hasSensitive: boolean,
): Problem[] {
  const { sensitiveMemory = SENSITIVE_MEMORY } = alarmThresholds;
  const isRemembered = !isKnown(sensitiveMemory) || sensitiveMemory.toMilliseconds() <= millisOf(retention);
  return [
    ...COUNTS.flatMap((name) => countProblems(`${at}.alarmThresholds.${name}`, alarmThresholds[name])),
    ...DURATIONS.flatMap((name) => durationProblems(`${at}.alarmThresholds.${name}`, alarmThresholds[name])),
    ...unreachableProblems(`${at}.alarmThresholds.authorizerDuration`, alarmThresholds.authorizerDuration),
    ...(alarmTopic && hasSensitive && !isRemembered
      ? [
          {
            code: 'SENSITIVE_MEMORY',
            at: `${at}.alarmThresholds.sensitiveMemory`,
            message: `the access log is kept for ${retention} days, so that who used a sensitive operation ${sensitiveMemory.toHumanString()} ago would look new`,
            remedy: `keep it longer by 'retention', or write Duration.days(${retention}) at most`,
          },
        ]
      : []),
  ];
}

function countProblems(at: string, count: number | undefined): Problem[] {
  if (count === undefined || Token.isUnresolved(count) || (count >= 0 && Number.isFinite(count))) return [];
  return [
    {
      code: 'ALARM_THRESHOLD',
      at,
      message: `an alarm goes off above a number of requests, got ${count}`,
      remedy: 'write 0 or more',
    },
  ];
}

function durationProblems(at: string, duration: Duration | undefined): Problem[] {
  if (!duration || !isKnown(duration) || duration.toMilliseconds() > 0) return [];
  return [
    {
      code: 'ALARM_THRESHOLD',
      at,
      message: `must be longer than nothing, got ${duration.toHumanString()}`,
      remedy: 'write for example Duration.seconds(3), or leave it out',
    },
  ];
}

function unreachableProblems(at: string, duration: Duration | undefined): Problem[] {
  if (!duration || !isKnown(duration)) return [];
  if (duration.toMilliseconds() < LONGEST_DECISION.toMilliseconds()) return [];
  return [
    {
      code: 'ALARM_THRESHOLD',
      at,
      message: `no decision takes as long, so that the alarm never goes off, got ${duration.toHumanString()}`,
      remedy: `write less than ${LONGEST_DECISION.toHumanString()}`,
    },
  ];
}

const isKnown = (duration: Duration) => !duration.isUnresolved();

const millisOf = (retention: RetentionDays) =>
  retention === RetentionDays.INFINITE ? Number.POSITIVE_INFINITY : Duration.days(retention).toMilliseconds();
