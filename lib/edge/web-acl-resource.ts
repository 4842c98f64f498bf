import { CfnWebACL, type CfnWebACLProps } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';

/** What CloudFormation does not call as the L1 does with a capital first letter. */
const NAMES: Readonly<Record<string, string>> = {
  albLowReputationMode: 'ALBLowReputationMode',
  asn: 'ASN',
  awsManagedRulesAcfpRuleSet: 'AWSManagedRulesACFPRuleSet',
  awsManagedRulesAntiDDoSRuleSet: 'AWSManagedRulesAntiDDoSRuleSet',
  awsManagedRulesAtpRuleSet: 'AWSManagedRulesATPRuleSet',
  awsManagedRulesBotControlRuleSet: 'AWSManagedRulesBotControlRuleSet',
  forwardedIp: 'ForwardedIP',
  forwardedIpConfig: 'ForwardedIPConfig',
  httpMethod: 'HTTPMethod',
  ip: 'IP',
  ipSetForwardedIpConfig: 'IPSetForwardedIPConfig',
  ipSetReferenceStatement: 'IPSetReferenceStatement',
  ja3Fingerprint: 'JA3Fingerprint',
  ja4Fingerprint: 'JA4Fingerprint',
};

/**
 * The web ACL, which writes the rules given to it as they are.
 *
 * The L1 checks a part of a rule once more for each part around it, twice a synthesis: for the nested expressions of a
 * thousand operations that is a tenth of all the time. What this library puts together has the types of the L1. Rules
 * that someone else puts in their place later are checked as ever.
 */
export class WebAclResource extends CfnWebACL {
  readonly #given: CfnWebACLProps['rules'];

  constructor(scope: Construct, id: string, props: CfnWebACLProps) {
    super(scope, id, props);
    this.#given = props.rules;
  }

  protected override renderProperties(props: Readonly<Record<string, unknown>>): Record<string, unknown> {
    if (this.rules !== this.#given) return super.renderProperties(props);

    const { rules, ...others } = props;
    return { ...super.renderProperties(others), Rules: toCloudFormation(rules) };
  }
}

function toCloudFormation(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toCloudFormation);
  if (typeof value !== 'object' || value === null) return value;

  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, part]) => [NAMES[name] ?? capitalized(name), toCloudFormation(part)]),
  );
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
