import { Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ApiKeyStore, type AuditExport, Authentication, ThreatFeed } from '../../lib';
import { readStackSource } from '../../lib/local/source';
import { TemplateResolver } from '../../lib/local/template/resolver';
import { documentOf, ENVIRONMENT, type FixtureProps, gatewayStack, quickApp } from '../fixtures/gateway';
import { type Json, matchesPattern } from './event-pattern';

export const DOCUMENT = `
openapi: 3.1.0
info: { title: Orders, version: 1.0.0 }
x-gateway: { backend: orders }
components:
  securitySchemes:
    machine: { type: apiKey, in: header, name: X-Api-Key }
    partner: { type: http, scheme: bearer }
security: [{ machine: [] }, { partner: [] }]
paths:
  /orders:
    get:
      responses: { '200': { description: OK } }
`;

export const TABLE = 'arn:aws:dynamodb:eu-west-1:111111111111:table/keys';

export interface Rule {
  readonly EventPattern: Json;
  readonly Targets: readonly [
    { readonly InputTransformer: { readonly InputTemplate: string; readonly InputPathsMap: Json } },
  ];
}

/** A gateway that tells of changes, and which of its rules tell of an event. */
export function controlled({
  unreportedRoles,
  export: target,
  ...props
}: FixtureProps & { readonly unreportedRoles?: string[]; readonly export?: AuditExport } = {}) {
  const app = quickApp();
  const watch = new Stack(app, 'Watch', { env: ENVIRONMENT });
  const shared = new Stack(app, 'Shared', { env: ENVIRONMENT });
  const { stack } = gatewayStack(
    {
      definition: documentOf(DOCUMENT),
      authentication: {
        machine: Authentication.apiKey({
          keys: ApiKeyStore.fromTable(shared, 'Keys', { table: Table.fromTableArn(shared, 'Table', TABLE) }),
        }),
        partner: Authentication.introspection({
          issuer: 'https://id.example.com/',
          endpoint: 'https://id.example.com/introspect',
          audiences: ['orders'],
          clientId: 'gateway',
          clientSecret: Secret.fromSecretNameV2(shared, 'Introspection', 'introspection'),
        }),
      },
      edge: { threatFeeds: [ThreatFeed.torExits()] },
      domain: {
        domainName: 'api.example.com',
        certificate: Certificate.fromCertificateArn(
          shared,
          'Certificate',
          'arn:aws:acm:eu-west-1:111111111111:certificate/11111111-1111-1111-1111-111111111111',
        ),
      },
      audit: {
        alarmTopic: new Topic(watch, 'Topic'),
        ...(unreportedRoles && { unreportedRoles }),
        ...(target && { export: target }),
      },
      ...props,
    },
    app,
  );
  const resolver = new TemplateResolver(
    readStackSource({ assembly: app.synth().directory, stackName: stack.stackName }),
    {},
  );
  const ids = (type: string, part = '') => {
    const [id] = resolver.idsOf(type).filter((one) => one.includes(part));
    if (!id) throw new Error(`no ${type} with ${part}`);
    return id;
  };
  const told = (event: Json) =>
    resolver.idsOf('AWS::Events::Rule').flatMap((id) => {
      const { EventPattern } = resolver.properties(id);
      const [, name] = /GatewayChanges(\w+?)(?:[0-9A-F]{8})?$/.exec(id) ?? [];
      return name && matchesPattern(EventPattern as Json, event) ? [name] : [];
    });
  return { resolver, ids, told, watch };
}

/** Those of changes: others have their reason elsewhere. */
export function rulesOf(resolver: TemplateResolver): Rule[] {
  return resolver
    .idsOf('AWS::Events::Rule')
    .filter((id) => id.startsWith('GatewayChanges'))
    .map((id) => resolver.properties(id) as unknown as Rule)
    .filter(({ EventPattern }) => EventPattern);
}

/** A call as CloudTrail tells EventBridge of it. */
export function call(service: string, eventName: string, requestParameters: Json, more: Json = {}): Json {
  return {
    source: `aws.${service}`,
    'detail-type': 'AWS API Call via CloudTrail',
    detail: {
      eventSource: `${service}.amazonaws.com`,
      eventName,
      eventCategory: 'Management',
      readOnly: false,
      requestParameters,
      ...by('arn:aws:iam::111111111111:role/somebody'),
      ...more,
    },
  };
}

export function by(arn: string): Json {
  return { userIdentity: { type: 'AssumedRole', sessionContext: { sessionIssuer: { arn } } } };
}
