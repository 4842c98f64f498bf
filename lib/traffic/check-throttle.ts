import { Token } from 'aws-cdk-lib';
import type { Problem } from '../errors';
import { DEFAULT_THROTTLE, type Throttle } from './throttle';

/** What is wrong with the throttle of all callers together. API Gateway takes a negative number for no limit. */
export function checkThrottle(at: string, { rate, burst }: Throttle = DEFAULT_THROTTLE): Problem[] {
  return Object.entries({ rate, burst }).flatMap(([prop, value]) =>
    Token.isUnresolved(value) || (Number.isFinite(value) && value >= 0)
      ? []
      : [
          {
            code: 'THROTTLE',
            at,
            message: `'${prop}' must be a number from 0, got ${value}`,
            remedy:
              'write how many requests all callers together may send: a gateway without a limit has no known cost',
          },
        ],
  );
}
