import { Template } from 'aws-cdk-lib/assertions';
import type { AuditExport } from '../../lib';
import { type FixtureProps, gatewayStack } from '../fixtures/gateway';

/** A gateway whose trail goes there. */
export const templateOf = (target: AuditExport, props: FixtureProps = {}) =>
  Template.fromStack(gatewayStack({ ...props, audit: { export: target } }).stack);

export const filtersOf = (template: Template) =>
  Object.values(template.findResources('AWS::Logs::SubscriptionFilter')).map(
    ({ Properties }): Readonly<Record<string, unknown>> => Properties,
  );

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** What a role may do. */
export const statementsOf = (template: Template, role: string) =>
  Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(role))
    .flatMap(([, { Properties }]): readonly Statement[] => Properties.PolicyDocument.Statement);
