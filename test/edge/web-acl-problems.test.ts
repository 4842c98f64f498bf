import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  Countries,
  EdgeRule,
  ManagedRules,
  Rate,
  type WebAclProps,
  WebAclRuleGroup,
  type WebAclRuleGroupProps,
} from '../../lib';
import { GatewayConfigurationError } from '../../lib/errors';
import { quickApp } from '../fixtures/gateway';
import { rulesOf } from './web-acl-rules';

const COUNTRIES =
  'AD AE AF AG AI AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC'.split(
    ' ',
  );

/** Beside them stand five rates that are always there. */
function ratesOnPaths(count: number): Rate[] {
  return Array.from({ length: count }, (_, index) => Rate.onPath(`/p${index}`, 100));
}

/** Each refers to two IP sets. */
function exemptions(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    networks: [`192.0.2.${index}`],
    rules: [EdgeRule.COMMON],
  }));
}

describe('WebAcl', () => {
  test.each<[string, WebAclProps, string]>([
    ['a network is none', { deny: ['10.0.0.0/33'] }, 'INVALID_NETWORK'],
    ['a network is everyone', { deny: ['0.0.0.0/0'] }, 'INVALID_NETWORK'],
    ['a network of IPv6 is everyone', { onlyFrom: ['::/0'] }, 'INVALID_NETWORK'],
    ['a network is of IPv4 as IPv6 writes it', { deny: ['::ffff:102:304'] }, 'INVALID_NETWORK'],
    ['a network has a zone', { deny: ['fe80::1%eth0'] }, 'INVALID_NETWORK'],
    ['nobody may call', { onlyFrom: [] }, 'NOBODY_ADMITTED'],
    [
      'all may call, in parts',
      { onlyFrom: ['128.0.0.0/1', '0.0.0.0/1', '2000::/3', '192.0.2.0/24'] },
      'EVERYBODY_ADMITTED',
    ],
    [
      'everyone is exempt, in two halves',
      { exempt: [{ networks: ['0.0.0.0/1', '128.0.0.0/1'], rules: [EdgeRule.COMMON] }] },
      'EVERYBODY_EXEMPT',
    ],
    [
      'everyone is exempt, by two exemptions',
      {
        exempt: [
          { networks: ['0.0.0.0/2', '128.0.0.0/2'], rules: [EdgeRule.COMMON, EdgeRule.DENY] },
          { networks: ['64.0.0.0/2', '192.0.0.0/3'], rules: [EdgeRule.COMMON] },
        ],
      },
      'EVERYBODY_EXEMPT',
    ],
    [
      'everyone is exempt over IPv6',
      { exempt: [{ networks: ['2000::/3'], rules: [EdgeRule.COMMON] }] },
      'EVERYBODY_EXEMPT',
    ],
    ['a rate is on no path', { rates: [Rate.onPath('login', 10)] }, 'INVALID_PATH'],
    ['a rate is on a pattern', { rates: [Rate.onPath('/login/*', 10)] }, 'INVALID_PATH'],
    ['a login has a query', { loginOperations: [{ path: '/login?a=1' }] }, 'INVALID_PATH'],
    ['a prefix has no slash in front', { pathPrefixes: ['prod'] }, 'INVALID_PATH_PREFIX'],
    ['a prefix has one behind', { pathPrefixes: ['/prod/'] }, 'INVALID_PATH_PREFIX'],
    [
      'a credential’s header has a long name',
      { credentialHeaders: ['x'.repeat(65)] },
      'HEADER_NAME_TOO_LONG',
    ],
    ['a redacted header has', { redaction: { headers: ['x'.repeat(65)] } }, 'HEADER_NAME_TOO_LONG'],
    ['a set is used by nothing', { networks: { office: ['192.0.2.0/24'] } }, 'UNUSED_NETWORKS'],
    ['a country is no code', { countries: Countries.only('UK ') }, 'INVALID_COUNTRIES'],
    ['an ASN is no number', { refusedAsns: [1.5] }, 'INVALID_ASNS'],
    ['a rate is below what AWS takes', { rates: [Rate.perAddress(9)] }, 'INVALID_RATE'],
    ['a window is none AWS has', { rates: [Rate.perAddress(100, Duration.minutes(3))] }, 'INVALID_RATE'],
    ['a rate is given twice', { rates: [Rate.perAddress(100), Rate.perAddress(200)] }, 'REPEATED_RATE'],
    [
      'someone would be exempt from the floor',
      { exempt: [{ networks: ['192.0.2.1'], rules: [EdgeRule.RATE_PER_ADDRESS] }] },
      'NOT_EXEMPTIBLE',
    ],
    ['an exemption is empty', { exempt: [{ networks: [], rules: [EdgeRule.COMMON] }] }, 'EMPTY_EXEMPTION'],
    ['a set is not defined', { restrictions: [{ path: '/a', networks: 'office' }] }, 'UNKNOWN_NETWORKS'],
    [
      'a version is pinned where there are none',
      { managedRules: [ManagedRules.ipReputation({ version: 'Version_1.0' })] },
      'UNVERSIONED_RULES',
    ],
    [
      'a path is too long for AWS',
      { loginOperations: [{ path: `/${'a'.repeat(600)}` }] },
      'EXPRESSION_TOO_LONG',
    ],
    [
      'a path is longer than AWS takes, though its schema would',
      { loginOperations: [{ path: `/${'a'.repeat(200)}` }] },
      'EXPRESSION_TOO_LONG',
    ],
    ['there are more rates than AWS takes', { rates: ratesOnPaths(6) }, 'TOO_MANY_RATES'],
    [
      'IP sets are referred to more often than AWS takes',
      { exempt: exemptions(25), deny: ['192.0.2.0/24'] },
      'TOO_MANY_REFERENCES',
    ],
    [
      'there are more countries than AWS takes in a rule',
      { countries: Countries.only(...COUNTRIES.slice(0, 51)) },
      'TOO_MANY_COUNTRIES',
    ],
    [
      'the rules are too many for AWS',
      {
        rates: Array.from({ length: 120 }, (_, index) =>
          Rate.onPath(`/p${index}`, 100, undefined, { byHeader: 'x-key' }),
        ),
      },
      'WEB_ACL_TOO_LARGE',
    ],
  ])('fails when %s', (_, props, code) => {
    expect(() => rulesOf(props)).toThrow(GatewayConfigurationError);
    expect(() => rulesOf(props)).toThrow(`[${code}]`);
  });

  test.each<WebAclProps>([
    { rates: ratesOnPaths(5) },
    { exempt: exemptions(25) },
    { countries: Countries.only(...COUNTRIES.slice(0, 50)) },
    { mediaTypes: Array.from({ length: 30 }, (_, index) => `application/vnd.example.v${index}+json`) },
    { reservedHeaders: Array.from({ length: 30 }, (_, index) => `X-Caller-Property-${index}`) },
  ])('takes what AWS just takes: %#', (props) => {
    expect(() => rulesOf(props)).not.toThrow();
  });

  test('says of a rule group that it has room for four rates, none of them a ceiling unless it is asked for', () => {
    const ratesOf = (props: WebAclRuleGroupProps) => {
      const stack = new Stack(quickApp(), 'Stack');
      new WebAclRuleGroup(stack, 'Group', props);
      const [group] = Object.values(Template.fromStack(stack).findResources('AWS::WAFv2::RuleGroup'));
      return group?.['Properties'].Rules.flatMap((rule: { Name: string; Statement: object }) =>
        'RateBasedStatement' in rule.Statement ? [rule.Name] : [],
      );
    };
    const one = { credentialHeaders: ['authorization'] };

    expect(ratesOf({})).toEqual([
      'rate-per-address',
      'rate-per-credential-authorization',
      'rate-per-credential-x-api-key',
      'rate-without-credential',
    ]);
    expect(ratesOf({ ...one, rates: [Rate.ceiling(1_000)] })).toContain('rate-ceiling');
    expect(() => ratesOf({ rates: [Rate.ceiling(1_000)] })).toThrow(
      /a rule group holds at most 4 rate rules, got 5; .*'credentialHeaders'.* \[TOO_MANY_RATES\]/,
    );
    expect(ratesOf({ ...one, rates: [Rate.onPath('/export', 10)] })).toContain('rate-path-1');
  });

  test.each<WebAclProps>([
    { exempt: [{ networks: ['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/4'], rules: [EdgeRule.COMMON] }] },
    {
      exempt: [
        { networks: ['0.0.0.0/1'], rules: [EdgeRule.COMMON] },
        { networks: ['128.0.0.0/1'], rules: [EdgeRule.DENY] },
      ],
    },
    { onlyFrom: ['0.0.0.0/1', '128.0.0.0/1'] },
  ])('takes networks that leave someone out: %j', (props) => {
    expect(rulesOf(props).names.length).toBeGreaterThan(1);
  });

  test('reports everything that is wrong at once', () => {
    expect(() => rulesOf({ deny: ['x'], refusedAsns: [-1] })).toThrow(/INVALID_NETWORK[\s\S]*INVALID_ASNS/);
  });
});
