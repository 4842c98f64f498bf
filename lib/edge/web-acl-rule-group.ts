import { Resource } from 'aws-cdk-lib';
import { CfnRuleGroup } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { GatewayConfigurationError, type Problem } from '../errors';
import { responseBodies } from './blocked-response';
import { draftCapacity } from './capacity';
import type { EdgeApiKeyKind, EdgeOperation } from './edge-operation';
import type { EdgeOptions } from './edge-options';
import { EdgeRule } from './edge-rule';
import { addressesIn } from './ip-set-pair';
import { RateKind } from './rate';
import { countingRules, groupRuleProperty, placeRules } from './rule-assembly';
import { OWN_RULES, type RuleKind } from './rule-table';
import { capacityProblems, RULE_GROUP, settingsProblems, templateProblems } from './web-acl-limits';
import { webAclSettings } from './web-acl-settings';

/**
 * Properties of `WebAclRuleGroup`.
 */
export interface WebAclRuleGroupProps extends EdgeOptions {
  /**
   * Capacity units to reserve, fixed once the group is created: leave room for rules to come.
   *
   * @default - what the rules need
   */
  readonly capacity?: number;

  /**
   * What may stand in front of the API's paths, for example `/prod`.
   *
   * @default - nothing
   */
  readonly pathPrefixes?: string[];

  /**
   * Headers that carry a credential, each of which takes one of the four rate rules AWS allows in a group.
   *
   * @default - `authorization` and `x-api-key`
   */
  readonly credentialHeaders?: string[];

  /**
   * Headers only the gateway may set: its `identityHeaders`, and the usual names if services still read them.
   *
   * @default - the usual identity headers of this library, such as `X-User-Id`
   */
  readonly reservedHeaders?: string[];

  /**
   * Operations that take a body; others are refused with one. Without them, a path of `credentialBodies` with a variable
   * takes in those that read as it: `/sessions/current` beside `/sessions/{sessionId}`.
   *
   * @default - any operation
   */
  readonly bodies?: EdgeOperation[];

  /**
   * Kinds of API keys, beside JSON Web Tokens, that no body may hold.
   *
   * @default - none
   */
  readonly apiKeys?: EdgeApiKeyKind[];

  /**
   * Operations whose bodies may hold API keys and tokens, because they exchange, refresh or check them.
   *
   * @default - none
   */
  readonly credentialBodies?: EdgeOperation[];
}

/**
 * This library's own rules as a rule group, for a web ACL that is kept elsewhere.
 *
 * AWS-managed groups cannot stand in a rule group and are left out; put them into the web ACL beside it. So are
 * the size the web ACL inspects and the log, which belong to the web ACL, and the ceiling unless it is given: AWS
 * takes four rate rules in a group. To give a rate on a path, name the one of `credentialHeaders` that callers use.
 */
export class WebAclRuleGroup extends Resource {
  /** ARN of the rule group. */
  public readonly ruleGroupArn: string;

  /** Capacity units reserved. */
  public readonly capacity: number;

  constructor(scope: Construct, id: string, props: WebAclRuleGroupProps = {}) {
    super(scope, id);

    const settings = webAclSettings(props);
    const kinds = kindsOf(props);
    const problems: Problem[] = settingsProblems(settings, kinds, this.node.path);
    const placed = placeRules({ settings, scope: this, at: this.node.path, problems }, kinds);
    const counts = countingRules(props.observe ?? false, props.count ?? []);
    const rules = placed.map((rule) => groupRuleProperty(rule, counts));
    const needed = placed.reduce((sum, { draft }) => sum + draftCapacity(draft), 0);
    this.capacity = props.capacity ?? needed;
    problems.push(
      ...templateProblems(rules, addressesIn(this), this.node.path, RULE_GROUP),
      ...capacityProblems(Math.max(this.capacity, needed), this.node.path),
      ...reservedProblems(this.capacity, needed, this.node.path),
    );
    if (problems.length > 0) throw new GatewayConfigurationError(problems);

    const group = new CfnRuleGroup(this, 'Resource', {
      scope: 'REGIONAL',
      capacity: this.capacity,
      rules,
      customResponseBodies: responseBodies(
        placed.flatMap(({ draft }) => (draft.response ? [draft.response.refusal] : [])),
      ),
      visibilityConfig: {
        cloudWatchMetricsEnabled: true,
        metricName: 'WebAclRuleGroup',
        sampledRequestsEnabled: false,
      },
    });
    this.ruleGroupArn = group.attrArn;
  }
}

/** AWS takes four rate rules in a group, which leaves none for the ceiling: a stage's throttle is one as well. */
function kindsOf({ rates = [] }: WebAclRuleGroupProps): readonly RuleKind[] {
  const asked = rates.some(({ kind }) => kind === RateKind.CEILING);
  return asked ? OWN_RULES : OWN_RULES.filter(({ rule }) => rule !== EdgeRule.RATE_CEILING);
}

function reservedProblems(capacity: number, needed: number, at: string): Problem[] {
  if (capacity >= needed) return [];

  return [
    {
      code: 'RULE_GROUP_TOO_SMALL',
      at,
      message: `the rules need ${needed} capacity units, got 'capacity' ${capacity}`,
      remedy: "raise 'capacity' or leave it out",
    },
  ];
}
