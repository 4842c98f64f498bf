import type { CfnRuleGroup } from 'aws-cdk-lib/aws-wafv2';
import { inAnyWayTo } from '../operation-statement';
import { type Rate, RateKind } from '../rate';
import type { RuleContext, RuleDraft } from '../rule-draft';
import {
  all,
  anyOf,
  hasHeader,
  longerThan,
  not,
  type Statement,
  transformationList,
  URI_PATH,
} from '../statement';
import { rateOf } from '../web-acl-settings';

/** True of every request: a path is never empty. */
const ANY_REQUEST = longerThan(URI_PATH, 0);

/**
 * Requests per address, of everyone: no scope-down, so that nothing a request carries takes it out of the
 * count.
 */
export function ratePerAddress({ settings }: RuleContext): RuleDraft[] {
  return [byAddress(rateOf(settings, RateKind.ADDRESS))];
}

/**
 * Requests per credential header. A request counts under the first header it carries; one without any
 * counts below.
 */
export function ratePerCredential({ settings }: RuleContext): RuleDraft[] {
  const rate = rateOf(settings, RateKind.CREDENTIAL);
  const { credentialHeaders } = settings;

  return credentialHeaders.map((name, index) => {
    const earlier = credentialHeaders.slice(0, index).map((other) => not(hasHeader(other)));

    return { suffix: name, ...byHeader(rate, name, all(hasHeader(name), ...earlier)) };
  });
}

/** AWS does not count requests that lack the key, so those without a credential need a rule of their own. */
export function rateWithoutCredential({ settings }: RuleContext): RuleDraft[] {
  const credential = anyOf(settings.credentialHeaders.map(hasHeader));

  return [byAddress(rateOf(settings, RateKind.NO_CREDENTIAL), credential && not(credential))];
}

/** Requests per address to logins, all of them together: guessing on two paths is no faster than on one. */
export function rateLogin({ settings }: RuleContext): RuleDraft[] {
  const target = inAnyWayTo(settings.loginOperations, settings.pathPrefixes);

  return target ? [byAddress(rateOf(settings, RateKind.LOGIN), target)] : [];
}

/** Requests to one path each; a rate by header comes with its complement by address. */
export function ratePath({ settings }: RuleContext): RuleDraft[] {
  const rates = settings.rates.filter(({ kind }) => kind === RateKind.PATH);

  return rates.flatMap((rate, index) => {
    const target = rate.operation && inAnyWayTo([rate.operation], settings.pathPrefixes);
    if (!target) return [];
    const number = String(index + 1);
    if (!rate.byHeader) return [{ suffix: number, ...byAddress(rate, target) }];

    const carries = hasHeader(rate.byHeader);
    return [
      { suffix: number, ...byHeader(rate, rate.byHeader, all(target, carries)) },
      { suffix: `${number}-without`, ...byAddress(rate, all(target, not(carries))) },
    ];
  });
}

/** Requests of all callers together. */
export function rateCeiling({ settings }: RuleContext): RuleDraft[] {
  const rate = rateOf(settings, RateKind.CEILING);

  return [limited(rate, { aggregateKeyType: 'CONSTANT', scopeDownStatement: ANY_REQUEST })];
}

function byAddress(rate: Rate, scopeDownStatement?: Statement): RuleDraft {
  return limited(rate, { aggregateKeyType: 'IP', scopeDownStatement });
}

function byHeader(rate: Rate, name: string, scopeDownStatement: Statement): RuleDraft {
  const key = { header: { name, textTransformations: transformationList([]) } };

  return limited(rate, { aggregateKeyType: 'CUSTOM_KEYS', customKeys: [key], scopeDownStatement });
}

type Aggregation = Omit<CfnRuleGroup.RateBasedStatementProperty, 'limit' | 'evaluationWindowSec'>;

function limited({ limit, window }: Rate, aggregation: Aggregation): RuleDraft {
  const evaluationWindowSec = window.toSeconds();

  return {
    statement: { rateBasedStatement: { limit, evaluationWindowSec, ...aggregation } },
    // a caller who waits for a whole window is certainly let in again
    response: { refusal: 'RATE_LIMITED', retryAfterSeconds: evaluationWindowSec },
  };
}
