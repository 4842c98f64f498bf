import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import {
  BodySize,
  Countries,
  EdgeRule,
  InjectionDetection,
  ManagedRules,
  Rate,
  ThreatFeed,
  WebAcl,
  type WebAclProps,
  WebAclRuleGroup,
} from '../../lib';
import { pairwise } from './pairwise';

const FIXED = [EdgeRule.EXEMPT, EdgeRule.RATE_PER_ADDRESS, EdgeRule.RATE_CEILING, EdgeRule.RESERVED_HEADERS];

const OPTIONS = {
  deny: [undefined, ['192.0.2.0/24', '2001:db8::/32']],
  onlyFrom: [undefined, ['198.51.100.0/24']],
  exempt: [
    undefined,
    [{ networks: ['203.0.113.7'], rules: Object.values(EdgeRule).filter((rule) => !FIXED.includes(rule)) }],
  ],
  countries: [undefined, Countries.only('GB', 'FR'), Countries.allBut('KP')],
  refusedAsns: [undefined, [64496]],
  rates: [
    undefined,
    [
      Rate.perAddress(10, Duration.minutes(1)),
      Rate.onPath('/search', 50, Duration.minutes(10), { method: 'GET', byHeader: 'x-session' }),
      Rate.onPath('/export', 100),
    ],
  ],
  managedRules: [
    undefined,
    [
      ManagedRules.linux(),
      ManagedRules.anonymousAddresses(),
      ManagedRules.common({ version: 'Version_1.18' }),
    ],
    [
      ManagedRules.botControl(),
      ManagedRules.antiDdos(),
      ManagedRules.accountTakeover({
        usernameField: '/user',
        passwordField: '/password',
        loginPath: '/login',
      }),
    ],
  ],
  threatFeeds: [undefined, [...ThreatFeed.spamhausDrop(), ThreatFeed.torExits()]],
  injection: [InjectionDetection.MANAGED, InjectionDetection.OWN],
  count: [undefined, [EdgeRule.COMMON, EdgeRule.TRAVERSAL]],
  observe: [false, true],
  logAllowed: [false, true],
  pathPrefixes: [undefined, ['/prod', '/v1']],
  mediaTypes: [undefined, [], ['application/json', 'application/*+xml']],
  bodySizes: [
    undefined,
    [{ path: '/files', method: 'POST', size: BodySize.KB_32 }],
    [{ path: '/films/{id}', method: 'PUT', size: BodySize.KB_64 }],
  ],
  uninspected: [undefined, [{ path: '/raw/{rest+}', method: 'POST' }]],
  apiKeys: [undefined, [{ prefix: 'sk', environment: 'live' }]],
  credentialBodies: [undefined, [{ path: '/token', method: 'POST' }]],
  loginOperations: [undefined, [{ path: '/login', method: 'POST' }]],
  restrictions: [undefined, [{ path: '/admin/{id}', method: 'DELETE', networks: 'office' }]],
  redaction: [
    undefined,
    { headers: ['x-pin'], cookies: ['s'], queryArguments: ['ssn'], path: true, body: true },
  ],
  credentialHeaders: [undefined, ['authorization']],
};

/** What CloudFormation's own rules have to say on an app, warnings too. */
function findingsOf(app: App): string[] {
  try {
    app.synth();
  } catch {
    // the report says why
  }
  const report = join(app.outdir, 'validation-report.json');

  return existsSync(report) ? violationsOf(JSON.parse(readFileSync(report, 'utf8'))) : [];
}

function violationsOf({ pluginReports }: { pluginReports: { violations: { description: string }[] }[] }) {
  return pluginReports.flatMap(({ violations }) => violations.map(({ description }) => description));
}

describe('web ACL before CloudFormation', () => {
  // the validator prints its findings beside its report
  beforeEach(() => jest.spyOn(console, 'error').mockImplementation());
  afterEach(() => jest.restoreAllMocks());

  const combinations = (pairwise(OPTIONS) as WebAclProps[]).map((props) => ({
    ...props,
    ...(props.restrictions && { networks: { office: ['192.0.2.128/25'] } }),
  }));

  test('is accepted with every pair of options', () => {
    const app = new App();
    combinations.forEach((props, index) => {
      const stack = new Stack(app, `Stack${index}`, { env: { region: 'eu-west-1' } });
      new WebAcl(stack, 'Acl', props);
      new WebAclRuleGroup(stack, 'Rules', {
        ...props,
        // its function would be a second one of the same
        threatFeeds: undefined,
        // a group has room for four rate rules
        credentialHeaders: ['authorization'],
        ...(props.rates && { rates: props.rates.slice(0, 1) }),
      });
    });

    expect(findingsOf(app)).toEqual([]);
  }, 240_000);

  test.each([
    ['a property CloudFormation does not know', 'customResponseBodies', { a: 1 }],
    ['a scope there is not', 'Scope', 'GALACTIC'],
  ])('would not be accepted with %s', (_, path, value) => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: { region: 'eu-west-1' } });
    const acl = new WebAcl(stack, 'Acl').node.defaultChild as CfnWebACL;
    acl.addPropertyOverride(path, value);

    expect(findingsOf(app)).toEqual([expect.stringContaining(path)]);
  });
});
