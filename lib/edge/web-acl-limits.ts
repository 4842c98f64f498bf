import { Token } from 'aws-cdk-lib';
import type { Problem } from '../errors';
import { MAXIMUM_CAPACITY } from './capacity';
import { MAXIMUM_NETWORKS } from './networks';
import { MAXIMUM_PATTERN } from './path-pattern';
import { type Rate, RateKind } from './rate';
import { reachProblems } from './reach';
import type { RuleKind } from './rule-table';
import type { WebAclSettings } from './web-acl-settings';

const WINDOWS: readonly number[] = [60, 120, 300, 600];
const MINIMUM_RATE = 10;
/** Characters of the name of a header (https://docs.aws.amazon.com/waf/latest/APIReference/API_SingleHeader.html). */
const MAXIMUM_NAME = 64;
const MAXIMUM_RATE = 2_000_000_000;

/** What AWS would refuse of the settings, or what they would not do as meant. */
export function settingsProblems(
  settings: WebAclSettings,
  kinds: readonly RuleKind[],
  at: string,
): Problem[] {
  return [
    ...settings.rates.flatMap((rate) => rateProblems(rate, at)),
    ...repeatedRates(settings.rates, at),
    ...exemptionProblems(settings, kinds, at),
    ...reachProblems(settings, at),
    ...pathProblems(settings, at),
    ...headerProblems(settings, at),
  ];
}

/** Beyond the maximum AWS refuses the web ACL. */
export function capacityProblems(capacity: number, at: string): Problem[] {
  if (capacity <= MAXIMUM_CAPACITY) return [];

  return [
    {
      code: 'WEB_ACL_TOO_LARGE',
      at,
      message: `the rules need ${capacity} capacity units, AWS allows ${MAXIMUM_CAPACITY}`,
      remedy: 'leave out managed groups or rates on paths',
    },
  ];
}

/** What AWS's quotas, none of which can be raised, say of what holds the rules. */
export interface Holder {
  readonly name: string;
  readonly rateRules: number;
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/limits.html */
export const WEB_ACL: Holder = { name: 'a web ACL', rateRules: 10 };
export const RULE_GROUP: Holder = { name: 'a rule group', rateRules: 4 };
const MAXIMUM_REFERENCES = 50;

/** Looks through the finished rules for what is beyond AWS's limits: rules, sets and expressions. */
export function templateProblems(
  rules: unknown,
  networks: readonly unknown[][],
  at: string,
  holder: Holder,
): Problem[] {
  return [
    ...countProblems(rules, at, holder),
    ...setProblems(networks, at),
    ...expressionProblems(rules, at),
  ];
}

function countProblems(rules: unknown, at: string, { name, rateRules }: Holder): Problem[] {
  const rates = valuesOf(rules, 'rateBasedStatement').length;
  const references = valuesOf(rules, 'ipSetReferenceStatement').length;

  return [
    ...(rates > rateRules
      ? [
          {
            code: 'TOO_MANY_RATES',
            at,
            message: `${name} holds at most ${rateRules} rate rules, got ${rates}`,
            remedy:
              "leave out rates on paths, which take two rules with 'byHeader', or name in 'credentialHeaders' the one header that callers use",
          },
        ]
      : []),
    ...(references > MAXIMUM_REFERENCES
      ? [
          {
            code: 'TOO_MANY_REFERENCES',
            at,
            message: `${name} refers to IP sets ${MAXIMUM_REFERENCES} times at most, got ${references}`,
            remedy: 'join exemptions and named networks: each refers to two sets, one for each family',
          },
        ]
      : []),
  ];
}

function setProblems(networks: readonly unknown[][], at: string): Problem[] {
  return networks
    .filter((addresses) => addresses.length > MAXIMUM_NETWORKS)
    .map((addresses) => ({
      code: 'TOO_MANY_NETWORKS',
      at,
      message: `an IP set holds at most ${MAXIMUM_NETWORKS} networks, got ${addresses.length}`,
      remedy: 'aggregate the networks',
    }));
}

function expressionProblems(rules: unknown, at: string): Problem[] {
  return valuesOf(rules, 'regexString')
    .filter((value) => typeof value === 'string')
    .filter((pattern) => !Token.isUnresolved(pattern) && pattern.length > MAXIMUM_PATTERN)
    .map((pattern) => ({
      code: 'EXPRESSION_TOO_LONG',
      at,
      message: `AWS WAF takes regular expressions of at most ${MAXIMUM_PATTERN} characters, got ${pattern.length}: ${pattern.slice(0, 60)}…`,
      remedy: 'shorten the path or the name it comes from',
    }));
}

function rateProblems({ limit, window, kind }: Rate, at: string): Problem[] {
  const right =
    Number.isInteger(limit) &&
    limit >= MINIMUM_RATE &&
    limit <= MAXIMUM_RATE &&
    WINDOWS.includes(window.toSeconds({ integral: false }));

  return right
    ? []
    : [
        {
          code: 'INVALID_RATE',
          at,
          message: `the rate '${kind}' is ${limit} in ${window.toSeconds({ integral: false })} seconds, which AWS WAF does not take`,
          remedy: `give a limit of ${MINIMUM_RATE} or more in 60, 120, 300 or 600 seconds`,
        },
      ];
}

function repeatedRates(rates: readonly Rate[], at: string): Problem[] {
  const kinds = rates.map(({ kind }) => kind).filter((kind) => kind !== RateKind.PATH);
  const repeated = kinds.filter((kind, index) => kinds.indexOf(kind) !== index);

  return repeated.map((kind) => ({
    code: 'REPEATED_RATE',
    at,
    message: `the rate '${kind}' is given twice`,
    remedy: 'give it once',
  }));
}

function exemptionProblems({ exempt }: WebAclSettings, kinds: readonly RuleKind[], at: string): Problem[] {
  const fixed = kinds.filter(({ exemptible }) => !exemptible).map(({ rule }) => rule);
  const named = exempt.flatMap(({ rules }) => rules.filter((rule) => fixed.includes(rule)));
  const empty = exempt.filter(({ networks, rules }) => networks.length === 0 || rules.length === 0);

  return [
    ...named.map((rule) => ({
      code: 'NOT_EXEMPTIBLE',
      at,
      message: `nobody can be exempt from '${rule}'`,
      remedy: `leave it out; ${fixed.join(', ')} hold for everyone`,
    })),
    ...empty.map(() => ({
      code: 'EMPTY_EXEMPTION',
      at,
      message: 'an exemption names no networks or no rules',
      remedy: "give both 'networks' and 'rules'",
    })),
  ];
}

/** Paths and prefixes that no request would ever have. */
function pathProblems(settings: WebAclSettings, at: string): Problem[] {
  const operations = [
    ...settings.rates.flatMap(({ operation }) => operation ?? []),
    ...settings.bodySizes,
    ...settings.uninspected,
    ...settings.loginOperations,
    ...settings.credentialBodies,
    ...settings.restrictions,
  ];
  const wrong = operations.map(({ path }) => path).filter((path) => !/^\/[^?#*]*$/.test(path));
  const prefixes = settings.pathPrefixes.filter(
    (prefix) => !Token.isUnresolved(prefix) && !/^(\/[^/?#*{}]+)+$/.test(prefix),
  );

  return [
    ...[...new Set(wrong)].map((path) => ({
      code: 'INVALID_PATH',
      at,
      message: `no request has the path '${path}'`,
      remedy:
        "write it as the document does, for example '/orders/{orderId}', or '/files/{rest+}' for all below",
    })),
    ...prefixes.map((prefix) => ({
      code: 'INVALID_PATH_PREFIX',
      at,
      message: `'${prefix}' in 'pathPrefixes' stands in front of no path`,
      remedy: "write it with a slash in front and none behind, for example '/prod'",
    })),
  ];
}

/** Names that rules and log would ask AWS WAF for, and it does not take. */
function headerProblems({ credentialHeaders, redaction }: WebAclSettings, at: string): Problem[] {
  const names = [...credentialHeaders, ...(redaction?.headers ?? [])];

  return [...new Set(names)]
    .filter((name) => name.length > MAXIMUM_NAME)
    .map((name) => ({
      code: 'HEADER_NAME_TOO_LONG',
      at,
      message: `AWS WAF takes names of headers of at most ${MAXIMUM_NAME} characters, got '${name}'`,
      remedy: 'choose a shorter one, or leave it out',
    }));
}

/** Values under a key, however deep. */
function valuesOf(value: unknown, wanted: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];

  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key === wanted && inner !== undefined ? [inner] : []),
    ...valuesOf(inner, wanted),
  ]);
}
