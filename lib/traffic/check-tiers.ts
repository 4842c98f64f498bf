import { Token } from 'aws-cdk-lib';
import type { Problem } from '../errors';
import type { Tier } from './tier';

// as the command line takes it
const TIER_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const WHOLE = 'a whole number';

/** What is wrong with the tiers, all of it. */
export function checkTiers(at: string, tiers: Readonly<Record<string, Tier>>): Problem[] {
  return Object.entries(tiers).flatMap(([name, { rate, burst, quota }]) => [
    ...(TIER_NAME.test(name) ? [] : [badName(at, name)]),
    // rate 0 is how the gateway refuses; a tier of nobody is a mistake
    ...(isPositive(rate) ? [] : [badNumber(at, name, 'rate', rate)]),
    ...(isPositive(burst) && isWhole(burst) ? [] : [badNumber(at, name, 'burst', burst, WHOLE)]),
    ...(!quota || (isPositive(quota.requests) && isWhole(quota.requests))
      ? []
      : [badNumber(at, name, 'quota', quota.requests, WHOLE)]),
  ]);
}

function isPositive(value: number): boolean {
  return Token.isUnresolved(value) || (Number.isFinite(value) && value > 0);
}

function isWhole(value: number): boolean {
  return Token.isUnresolved(value) || Number.isInteger(value);
}

function badName(at: string, name: string): Problem {
  return {
    code: 'TIER_NAME',
    at,
    message: `the name of a tier must be letters, digits, '-' and '_', a letter or digit first, got ${JSON.stringify(name)}`,
    remedy: 'rename the tier',
  };
}

function badNumber(at: string, tier: string, prop: string, value: number, kind = 'a number'): Problem {
  return {
    code: 'TIER_LIMIT',
    at,
    message: `'${prop}' of tier ${JSON.stringify(tier)} must be ${kind} above 0, got ${value}`,
    remedy: 'write how many requests its callers may send; to refuse them, revoke their keys',
  };
}
