import { createHash } from 'node:crypto';
import type { Json } from './read';
import { textOf } from './read';
import type { StackSource, TemplateResource } from './stack';

/** What a resource would be called once deployed; always the same for the same stack. */
export interface PhysicalResource {
  readonly ref: string;
  attribute(name: string): string | undefined;
}

interface Naming {
  readonly id: string;
  readonly stack: StackSource;
  /** Properties with their references resolved. */
  readonly properties: Json;
}

type Name = (naming: Naming) => PhysicalResource;

/** The resource's reference and attributes, or a guess from its logical id for types we know nothing of. */
export function physicalResource(
  { Type: type }: TemplateResource,
  naming: Naming,
): PhysicalResource & { readonly guessed: boolean } {
  const known = NAMES[type];
  const { ref, attribute } = (known ?? other)(naming);
  return { ref, attribute, guessed: !known };
}

/** Letters and digits that stand for a generated id. */
export function stableId(stack: StackSource, id: string, length = 10): string {
  const hash = createHash('sha256').update(`${stack.name}/${id}`).digest('hex');
  return BigInt(`0x${hash}`).toString(36).slice(0, length);
}

const NAMES: Readonly<Record<string, Name>> = {
  'AWS::ApiGateway::RestApi': ({ stack, id }) =>
    named(stableId(stack, id), { RootResourceId: stableId(stack, `${id}/`), RestApiId: stableId(stack, id) }),
  'AWS::ApiGateway::Resource': ({ stack, id }) =>
    named(stableId(stack, id, 6), { ResourceId: stableId(stack, id, 6) }),
  'AWS::ApiGateway::Authorizer': ({ stack, id }) =>
    named(stableId(stack, id, 6), { AuthorizerId: stableId(stack, id, 6) }),
  'AWS::ApiGateway::Deployment': ({ stack, id }) =>
    named(stableId(stack, id, 6), { DeploymentId: stableId(stack, id, 6) }),
  'AWS::ApiGateway::Stage': ({ id, properties }) => named(textOf(properties['StageName']) ?? id, {}),
  'AWS::ApiGateway::Model': ({ id, properties }) => named(textOf(properties['Name']) ?? id, {}),
  'AWS::ApiGateway::RequestValidator': ({ stack, id }) =>
    named(stableId(stack, id, 6), { RequestValidatorId: stableId(stack, id, 6) }),
  'AWS::ApiGateway::ApiKey': ({ stack, id }) => named(stableId(stack, id), { APIKeyId: stableId(stack, id) }),
  'AWS::ApiGateway::UsagePlan': ({ stack, id }) =>
    named(stableId(stack, id, 6), { Id: stableId(stack, id, 6) }),
  'AWS::ApiGateway::DomainName': ({ stack, id, properties }) =>
    named(textOf(properties['DomainName']) ?? id, {
      RegionalDomainName: `d-${stableId(stack, id)}.execute-api.${stack.region}.amazonaws.com`,
      RegionalHostedZoneId: 'Z1UJRXOUMOOFQ8',
      DomainNameArn: arn(stack, 'apigateway', `/domainnames/${textOf(properties['DomainName']) ?? id}`),
    }),
  'AWS::ApiGatewayV2::VpcLink': ({ stack, id }) =>
    named(stableId(stack, id, 6), { VpcLinkId: stableId(stack, id, 6) }),
  'AWS::Lambda::Function': ({ stack, id, properties }) => {
    const name = textOf(properties['FunctionName']) ?? `${stack.name}-${id}`;
    return named(name, { Arn: arn(stack, 'lambda', `function:${name}`) });
  },
  'AWS::Lambda::Version': ({ properties }) => versioned(properties, '1'),
  'AWS::Lambda::Alias': ({ properties }) => versioned(properties, textOf(properties['Name']) ?? 'live'),
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::SecretsManager::Secret': ({ stack, id, properties }) => {
    const name = textOf(properties['Name']) ?? `${stack.name}-${id}`;
    const secret = arn(stack, 'secretsmanager', `secret:${name}-${stableId(stack, id, 6)}`);
    return named(secret, { Id: secret });
  },
  'AWS::SSM::Parameter': ({ stack, id, properties }) =>
    named(textOf(properties['Name']) ?? `${stack.name}-${id}`, {
      Value: textOf(properties['Value']) ?? '',
      Type: textOf(properties['Type']) ?? 'String',
    }),
  'AWS::Logs::LogGroup': ({ stack, id, properties }) => {
    const name = textOf(properties['LogGroupName']) ?? `${stack.name}-${id}`;
    return named(name, { Arn: arn(stack, 'logs', `log-group:${name}:*`) });
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ({ stack, id, properties }) => {
    const kind = properties['Type'] === 'network' ? 'net' : 'app';
    const name = textOf(properties['Name']) ?? id.slice(0, 32);
    const suffix = `${kind}/${name}/${stableId(stack, id, 16)}`;
    return named(arn(stack, 'elasticloadbalancing', `loadbalancer/${suffix}`), {
      DNSName: `internal-${name}.${stack.region}.elb.amazonaws.com`.toLowerCase(),
      LoadBalancerArn: arn(stack, 'elasticloadbalancing', `loadbalancer/${suffix}`),
      LoadBalancerFullName: suffix,
      LoadBalancerName: name,
      CanonicalHostedZoneID: 'Z35SXDOTRQ7X7K',
    });
  },
  'AWS::IAM::Role': ({ stack, id, properties }) => {
    const name = textOf(properties['RoleName']) ?? `${stack.name}-${id}`;
    return named(name, {
      Arn: `arn:aws:iam::${stack.account}:role/${name}`,
      RoleId: stableId(stack, id, 16),
    });
  },
  'AWS::WAFv2::WebACL': ({ stack, id }) => {
    const webAcl = arn(stack, 'wafv2', `regional/webacl/${id}/${stableId(stack, id)}`);
    return named(`${id}|${stableId(stack, id)}|REGIONAL`, { Arn: webAcl, Id: stableId(stack, id) });
  },
  'AWS::WAFv2::IPSet': ({ stack, id }) =>
    named(`${id}|${stableId(stack, id)}|REGIONAL`, {
      Arn: arn(stack, 'wafv2', `regional/ipset/${id}/${stableId(stack, id)}`),
      Id: stableId(stack, id),
    }),
  'AWS::WAFv2::RuleGroup': ({ stack, id }) =>
    named(`${id}|${stableId(stack, id)}|REGIONAL`, {
      Arn: arn(stack, 'wafv2', `regional/rulegroup/${id}/${stableId(stack, id)}`),
      Id: stableId(stack, id),
    }),
  'AWS::WAFv2::RegexPatternSet': ({ stack, id }) =>
    named(`${id}|${stableId(stack, id)}|REGIONAL`, {
      Arn: arn(stack, 'wafv2', `regional/regexpatternset/${id}/${stableId(stack, id)}`),
      Id: stableId(stack, id),
    }),
};

function table({ stack, id, properties }: Naming): PhysicalResource {
  const name = textOf(properties['TableName']) ?? `${stack.name}-${id}`;
  return named(name, {
    Arn: arn(stack, 'dynamodb', `table/${name}`),
    StreamArn: arn(stack, 'dynamodb', `table/${name}/stream/2026-01-01T00:00:00.000`),
    TableId: stableId(stack, id, 16),
  });
}

/** A version or alias is invoked by its function's ARN and a qualifier. */
function versioned(properties: Json, qualifier: string): PhysicalResource {
  const functionArn = textOf(properties['FunctionName']) ?? '';
  return named(`${functionArn}:${qualifier}`, {
    Version: '1',
    FunctionArn: functionArn,
    AliasArn: functionArn,
  });
}

function other({ stack, id }: Naming): PhysicalResource {
  const name = `${stack.name}-${id}`;
  return {
    ref: name,
    attribute: (attribute) =>
      attribute.endsWith('Arn') ? arn(stack, 'local', name) : `${name}-${attribute.toLowerCase()}`,
  };
}

function named(ref: string, attributes: Readonly<Record<string, string>>): PhysicalResource {
  return { ref, attribute: (name) => attributes[name] };
}

function arn({ account, region }: StackSource, service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}
