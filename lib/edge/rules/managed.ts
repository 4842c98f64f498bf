import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { MANAGED_GROUPS, type ManagedRuleName } from '../managed-group';
import type { AccountTakeoverOptions, ManagedRules } from '../managed-rules';
import { pathPatterns } from '../path-pattern';
import type { RuleContext, RuleDraft } from '../rule-draft';

/** Rules of AWS's groups that this library answers for itself, by size class and by counting. */
const ANSWERED_ELSEWHERE: Partial<Record<ManagedRuleName, readonly string[]>> = {
  common: ['SizeRestrictions_BODY', 'NoUserAgent_HEADER'],
};

/** The definition of one managed group's rule. */
export const managed =
  (rule: ManagedRuleName) =>
  (context: RuleContext): RuleDraft[] => {
    const chosen = context.settings.managedRules.find((rules) => rules.rule === rule);

    return chosen ? [{ statement: groupStatement(context, rule, chosen) }] : [];
  };

function groupStatement(context: RuleContext, rule: ManagedRuleName, chosen: ManagedRules) {
  const { name, versioned } = MANAGED_GROUPS[rule];
  if (chosen.version && !versioned) {
    context.problems.push({
      code: 'UNVERSIONED_RULES',
      at: context.at,
      message: `the managed group '${rule}' has no versions, got '${chosen.version}'`,
      remedy: "leave 'version' out",
    });
  }
  const counted = [...(ANSWERED_ELSEWHERE[rule] ?? []), ...chosen.count];
  const configs = configurations(context, rule, chosen);

  return {
    vendorName: 'AWS',
    name,
    version: chosen.version,
    managedRuleGroupConfigs: configs.length > 0 ? configs : undefined,
    ruleActionOverrides:
      counted.length > 0
        ? [...new Set(counted)].map((ruleName) => ({ name: ruleName, actionToUse: { count: {} } }))
        : undefined,
  };
}

function configurations(
  context: RuleContext,
  rule: ManagedRuleName,
  chosen: ManagedRules,
): CfnWebACL.ManagedRuleGroupConfigProperty[] {
  if (rule === 'bot-control') {
    return [{ awsManagedRulesBotControlRuleSet: { inspectionLevel: chosen._inspection } }];
  }
  if (rule === 'account-takeover' && chosen._takeover) {
    return [{ awsManagedRulesAtpRuleSet: takeover(context, chosen._takeover) }];
  }
  if (rule === 'anti-ddos') {
    // a program cannot solve a challenge, so suspects are refused at medium sensitivity and no one is asked
    const clientSideActionConfig = { challenge: { usageOfAction: 'DISABLED' } };
    return [{ awsManagedRulesAntiDDoSRuleSet: { clientSideActionConfig, sensitivityToBlock: 'MEDIUM' } }];
  }

  return [];
}

function takeover({ settings, at, problems }: RuleContext, options: AccountTakeoverOptions) {
  const { loginPath, usernameField, passwordField } = options;
  const patterns = pathPatterns(
    settings.loginOperations.map(({ path }) => path),
    settings.pathPrefixes,
  );
  if (!loginPath && patterns.length !== 1) {
    problems.push({
      code: 'NO_LOGIN_PATH',
      at,
      message: `account takeover prevention needs one login path, got ${patterns.length} expressions from the login operations`,
      remedy: "give 'loginPath'",
    });
  }

  return {
    loginPath: loginPath ?? patterns[0] ?? '',
    enableRegexInPath: !loginPath,
    requestInspection: {
      payloadType: 'JSON',
      usernameField: { identifier: usernameField },
      passwordField: { identifier: passwordField },
    },
  };
}
