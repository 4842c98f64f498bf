import type { ExplainedRule } from '../../definition/explain/explanation';
import type { DeployedApi, GatewayValues } from '../../definition/explain/gateway-values';
import { GatewayConfigurationError } from '../../errors';
import { IDENTITY_HEADERS, type IdentityHeaderNames } from '../../protocol/identity-headers';
import { operationsOf } from '../model/api-body';
import { at, fieldsOf, listOf, type Resource, type StackTemplate } from '../model/template';
import { World } from '../model/world';
import {
  type AuthorizerSettings,
  authorizerSettings,
  limitValues,
  revocationValues,
  schemeValues,
} from './authorizer-values';
import { joinedText } from './joined-text';
import { webAclValues } from './web-acl-values';

const DOCUMENT = 'secure-api-gateway:document';
const BACKENDS = 'secure-api-gateway:backends';

/**
 * What the props of a gateway and their defaults came to, read from the template that deploys.
 *
 * Throws a `GatewayConfigurationError` if the templates have no gateway, or several in the stacks named.
 */
export function gatewayValues(templates: readonly StackTemplate[], stack?: string): GatewayValues {
  const world = new World(templates);
  const gateways = world
    .ofType('AWS::ApiGateway::RestApi')
    .filter((api) => BACKENDS in api.metadata && (stack === undefined || api.stack === stack));
  const [api, ...others] = gateways;
  if (!api) {
    throw notOne(stack, 'there is no gateway', 'synthesize first, or name another');
  }
  if (others.length > 0) {
    const names = gateways.map(({ label }) => label).join(', ');
    throw notOne(stack, `there are several gateways (${names})`, 'name a stack that has one');
  }

  const own = (type: string) => world.ofType(type).filter((resource) => resource.stack === api.stack);
  const [webAcl] = own('AWS::WAFv2::WebACL');
  const authorizer = authorizerSettings(world, api.stack);
  const edge = webAcl ? webAclValues(webAcl, world) : foreignWebAcl();
  return {
    stages: {
      TLS: tlsValues(api, own('AWS::ApiGateway::DomainName')),
      ...edge,
      rates: [...(edge['rates'] ?? []), ...own('AWS::ApiGateway::Stage').flatMap(throttleOf)],
      ...(authorizer && {
        authentication: revocationValues(authorizer),
        'exact limit': limitValues(authorizer),
        plan: planValues(authorizer, own, world),
      }),
      audit: own('AWS::Logs::LogGroup').map(retentionOf),
    },
    schemes: authorizer ? schemeValues(authorizer) : {},
    identityHeaders: identityHeadersOf(api),
    api: deployedApi(api),
    backends: Object.fromEntries(
      Object.entries(fieldsOf(api.metadata[BACKENDS])).map(([name, backend]) => [
        name,
        { rule: `is at ${joinedText(at(backend, 'uri'))}`, from: `template: ${api.label}` },
      ]),
    ),
  };
}

function notOne(stack: string | undefined, message: string, remedy: string): GatewayConfigurationError {
  return new GatewayConfigurationError([
    { code: 'NO_SINGLE_GATEWAY', at: stack ?? 'templates', message, remedy },
  ]);
}

function deployedApi(api: Resource): DeployedApi {
  return {
    title: String(at(api.metadata[DOCUMENT], 'title')),
    version: String(at(api.metadata[DOCUMENT], 'version')),
    operations: operationsOf(api).map(({ name }) => name),
  };
}

function identityHeadersOf({ metadata }: Resource): IdentityHeaderNames {
  const given = fieldsOf(at(metadata['secure-api-gateway:identity'], 'headers'));
  return Object.fromEntries(
    Object.entries(IDENTITY_HEADERS).map(([key, usual]) => [key, String(given[key] ?? usual)]),
  ) as IdentityHeaderNames;
}

function foreignWebAcl(): Record<string, ExplainedRule[]> {
  const rule = 'by a web ACL that is kept elsewhere';
  const from = 'props: webAcl';
  const firewall = `${rule}: headers, bodies, their types and sizes are refused as far as it has rules for them`;
  return { addresses: [{ rule, from }], rates: [{ rule, from }], firewall: [{ rule: firewall, from }] };
}

function tlsValues(api: Resource, domains: readonly Resource[]): ExplainedRule[] {
  const own = joinedText(at(api.properties, 'Body', 'x-amazon-apigateway-security-policy'));
  const isOff = listOf(at(api.properties, 'Body', 'servers')).some(
    (server) =>
      at(server, 'x-amazon-apigateway-endpoint-configuration', 'disableExecuteApiEndpoint') === true,
  );
  return [
    isOff
      ? { rule: "API Gateway's own endpoint is off", from: `template: ${api.label}` }
      : { rule: `policy ${own} on API Gateway's own endpoint`, from: `template: ${api.label}` },
    ...domains.map(({ properties, label }) => ({
      rule: [
        `policy ${joinedText(properties['SecurityPolicy'])} on ${joinedText(properties['DomainName'])}`,
        ...(properties['MutualTlsAuthentication'] === undefined ? [] : ['with a certificate of the client']),
      ].join(', '),
      from: `template: ${label}`,
    })),
  ];
}

/** The throttle of all methods together; one of a single method stands in the document. */
function throttleOf({ properties, label }: Resource): ExplainedRule[] {
  return listOf(properties['MethodSettings'])
    .map(fieldsOf)
    .filter((settings) => settings['ResourcePath'] === '/*' && settings['ThrottlingRateLimit'] !== undefined)
    .map((settings) => ({
      rule: `${joinedText(settings['ThrottlingRateLimit'])} requests a second for all callers together, bursts of ${joinedText(settings['ThrottlingBurstLimit'])}`,
      from: `template: ${label}`,
    }));
}

/** Rate and quota of each tier, found by the name of its plan key. */
function planValues(
  { configuration: { planKeys } }: AuthorizerSettings,
  own: (type: string) => readonly Resource[],
  world: World,
): ExplainedRule[] {
  const planOf = (name: string): Resource | undefined => {
    const key = own('AWS::ApiGateway::ApiKey').find(
      ({ properties }) => joinedText(properties['Value']) === name,
    );
    const member = own('AWS::ApiGateway::UsagePlanKey').find(
      ({ properties, stack }) => key && world.references(properties['KeyId'], stack).resources.includes(key),
    );
    return member && world.references(member.properties['UsagePlanId'], member.stack).resources[0];
  };
  const names = [
    ['callers without a tier', planKeys.authenticated],
    ...Object.entries(planKeys.tiers),
  ] as const;
  return names.flatMap(([name, key]) => {
    const plan = planOf(key);
    return plan ? [{ rule: `${name}: ${describePlan(plan)}`, from: `template: ${plan.label}` }] : [];
  });
}

function describePlan({ properties: { Throttle: throttle, Quota: quota } }: Resource): string {
  const parts = [
    ...(throttle === undefined
      ? ['no rate']
      : [
          `${joinedText(at(throttle, 'RateLimit'))} requests a second, bursts of ${joinedText(at(throttle, 'BurstLimit'))}`,
        ]),
    quota === undefined
      ? 'no quota'
      : `${joinedText(at(quota, 'Limit'))} requests a ${joinedText(at(quota, 'Period')).toLowerCase()}`,
  ];
  return parts.join(', ');
}

function retentionOf({ properties, label }: Resource): ExplainedRule {
  const days = properties['RetentionInDays'];
  return {
    rule: days === undefined ? 'kept for ever' : `kept for ${joinedText(days)} days`,
    from: `template: ${label}`,
  };
}
