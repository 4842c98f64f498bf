import { TemplateResolver } from '../../../lib/local/template/resolver';
import type { CloudTemplate } from '../../../lib/local/template/stack';
import {
  createWebAcl,
  type LocalWebAcl,
  type WebAclDatabases,
  type WebAclRequest,
} from '../../../lib/local/web-acl';

export const STAGE_ARN = 'arn:aws:apigateway:eu-west-1::/restapis/api/stages/prod';

export type Rule = Readonly<Record<string, unknown>>;

export interface AclOptions {
  readonly acl?: Readonly<Record<string, unknown>>;
  readonly resources?: CloudTemplate['Resources'];
  readonly logging?: Readonly<Record<string, unknown>>;
  readonly databases?: WebAclDatabases;
  readonly now?: () => number;
}

/** A web ACL of these rules, whose priorities are their order. */
export function aclOf(rules: readonly Rule[], options: AclOptions = {}): LocalWebAcl {
  const template: CloudTemplate = {
    Resources: {
      Acl: {
        Type: 'AWS::WAFv2::WebACL',
        Properties: {
          DefaultAction: { Allow: {} },
          Rules: rules.map((rule, Priority) => ({
            Name: `rule-${Priority}`,
            Priority,
            Action: { Block: {} },
            ...rule,
          })),
          ...options.acl,
        },
      },
      Association: {
        Type: 'AWS::WAFv2::WebACLAssociation',
        Properties: { WebACLArn: { 'Fn::GetAtt': ['Acl', 'Arn'] }, ResourceArn: STAGE_ARN },
      },
      ...(options.logging && {
        Logging: {
          Type: 'AWS::WAFv2::LoggingConfiguration',
          Properties: { ResourceArn: { 'Fn::GetAtt': ['Acl', 'Arn'] }, ...options.logging },
        },
      }),
      ...options.resources,
    },
  };

  return aclOfTemplate(template, options);
}

/** The web ACL that a template associates with `STAGE_ARN`, or with any stage it has. */
export function aclOfTemplate(
  template: CloudTemplate,
  { databases, now = () => 0 }: Pick<AclOptions, 'databases' | 'now'> = {},
  stageArn = STAGE_ARN,
): LocalWebAcl {
  const resolver = new TemplateResolver({
    name: 'Stack',
    account: '123456789012',
    region: 'eu-west-1',
    template,
    asset: () => undefined,
    exporter: () => undefined,
  });
  const acl = createWebAcl(resolver, stageArn, now, databases);
  if (!acl) throw new Error('the template associates no web ACL');

  return acl;
}

/** A request that nothing is wrong with but what is given. */
export function requestOf(
  given: Partial<Omit<WebAclRequest, 'body'>> & { body?: string | Buffer } = {},
): WebAclRequest {
  return {
    method: 'GET',
    path: '/prod/orders',
    rawQuery: '',
    headers: [],
    sourceIp: '192.0.2.7',
    ...given,
    body: Buffer.from(given.body ?? ''),
  };
}

export const NONE = [{ Priority: 0, Type: 'NONE' }];
