import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Countries, EdgeRule, InjectionDetection, ManagedRules, Rate, type WebAclProps } from '../../lib';
import { draftCapacity } from '../../lib/edge/capacity';
import { MANAGED_GROUPS } from '../../lib/edge/managed-group';
import { placeRules, ruleLabel } from '../../lib/edge/rule-assembly';
import { RULES, type RuleKind } from '../../lib/edge/rule-table';
import { webAclSettings } from '../../lib/edge/web-acl-settings';

/** Each kind of rule once, as small as it gets. */
const SMALLEST: WebAclProps = {
  threatFeeds: [],
  deny: ['192.0.2.1'],
  onlyFrom: ['192.0.2.1'],
  networks: { office: ['192.0.2.1'] },
  restrictions: [{ path: '/admin', networks: 'office' }],
  exempt: [{ networks: ['192.0.2.1'], rules: [EdgeRule.EXEMPT] }],
  countries: Countries.only('GB'),
  refusedAsns: [64496],
  loginOperations: [{ path: '/login' }],
  credentialHeaders: ['authorization'],
  rates: [Rate.onPath('/search', 100, Duration.minutes(5))],
  mediaTypes: ['application/json', 'application/xml'],
  injection: InjectionDetection.OWN,
  managedRules: [
    ManagedRules.sqlInjection(),
    ManagedRules.linux(),
    ManagedRules.anonymousAddresses(),
    ManagedRules.botControl(),
    ManagedRules.antiDdos(),
    ManagedRules.accountTakeover({ usernameField: '/u', passwordField: '/p' }),
  ],
};

/** Whether a kind is there without being asked for. */
const BY_DEFAULT: ReadonlySet<EdgeRule> = new Set(placed({}).map(({ kind }) => kind.rule));

function placed(props: WebAclProps) {
  const scope = new Stack(new App({ builtinCloudFormationValidation: false }), 'Stack');

  return placeRules({ settings: webAclSettings(props), scope, at: 'Stack', problems: [] });
}

function row({ rule, metric, answer, paid }: RuleKind, capacity: number): string {
  const cells = [
    `\`${rule}\`${BY_DEFAULT.has(rule) ? '' : ' ¹'}`,
    `\`${metric}\``,
    rule in MANAGED_GROUPS ? "AWS's own" : `\`${ruleLabel(rule)}\``,
    String(capacity),
    paid ? "rule and AWS's fee" : 'rule',
    answer === 'none' ? 'counts' : String(answer),
  ];

  return `| ${cells.join(' | ')} |`;
}

describe('the table of rules', () => {
  const drafts = placed(SMALLEST);
  const rows = RULES.map((kind) => {
    const draft = drafts.find((one) => one.kind.rule === kind.rule);

    return row(kind, draft ? draftCapacity(draft.draft) : Number.NaN);
  });

  test('has every rule there is, once', () => {
    expect(RULES.map(({ rule }) => rule).sort()).toEqual(Object.values(EdgeRule).sort());
    expect(drafts.map(({ kind }) => kind.rule)).toEqual(RULES.map(({ rule }) => rule));
  });

  test('is quoted by the README, in the order of evaluation', () => {
    const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');

    expect(readme).toContain(rows.join('\n'));
  });
});
