import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { AuditOptions } from '../../lib/audit/audit-options';
import { GatewayLogs } from '../../lib/audit/gateway-logs';

interface ProtectionPolicy {
  readonly Configuration: { readonly CustomDataIdentifier: readonly { Name: string; Regex: string }[] };
  readonly Statement: readonly { readonly DataIdentifier: readonly unknown[]; readonly Operation: object }[];
}

/** A stack with one log group. */
export function templateOf(audit: AuditOptions): Template {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Stack');
  new GatewayLogs('Stack', stack, audit).group(stack, 'Group');
  return Template.fromStack(stack);
}

export function policyOf(template: Template): ProtectionPolicy {
  const [group] = Object.values(template.findResources('AWS::Logs::LogGroup'));
  return group?.['Properties'].DataProtectionPolicy as ProtectionPolicy;
}

export const patternsOf = (template: Template) => policyOf(template).Configuration.CustomDataIdentifier;
