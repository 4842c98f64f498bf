import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';

/** A managed rule group as the template has it. */
export type ManagedGroup = CfnWebACL.ManagedRuleGroupStatementProperty;

/** What is known of AWS's groups (aws-facts 7.1–7.3; AntiDDoS from memory), as of 2026-11-22. */
export const MANAGED_GROUPS = {
  'ip-reputation': group('AWSManagedRulesAmazonIpReputationList', 25, 'unversioned'),
  'anonymous-addresses': group('AWSManagedRulesAnonymousIpList', 50, 'unversioned'),
  common: group('AWSManagedRulesCommonRuleSet', 700),
  'known-bad-inputs': group('AWSManagedRulesKnownBadInputsRuleSet', 200),
  'sql-injection': group('AWSManagedRulesSQLiRuleSet', 200),
  linux: group('AWSManagedRulesLinuxRuleSet', 200),
  'bot-control': group('AWSManagedRulesBotControlRuleSet', 50),
  'account-takeover': group('AWSManagedRulesATPRuleSet', 50),
  'anti-ddos': group('AWSManagedRulesAntiDDoSRuleSet', 50),
} as const satisfies Readonly<Record<string, GroupFacts>>;

export type ManagedRuleName = keyof typeof MANAGED_GROUPS;

export interface GroupFacts {
  readonly name: string;
  readonly capacity: number;
  /** AWS publishes no versions of the reputation lists. */
  readonly versioned: boolean;
}

/** WCU of a managed group, by its AWS name. */
export function managedCapacity(name: string): number {
  const found = Object.values(MANAGED_GROUPS).find((facts) => facts.name === name);
  if (!found) throw new Error(`unknown capacity of the managed group ${name}`);

  return found.capacity;
}

function group(name: string, capacity: number, versions: 'versioned' | 'unversioned' = 'versioned') {
  return { name, capacity, versioned: versions === 'versioned' };
}
