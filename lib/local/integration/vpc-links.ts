import type { Problem } from '../../errors';
import type { ApiModel } from '../model/api';
import type { TemplateResolver } from '../template/resolver';

/** Integrations that would not deploy: a VPC link V2 needs to be told its load balancer (aws-facts 1.2). */
export function vpcLinkProblems(resolver: TemplateResolver, { methods }: ApiModel): readonly Problem[] {
  const version2 = new Set(resolver.idsOf('AWS::ApiGatewayV2::VpcLink').map((id) => resolver.reference(id)));
  return methods
    .filter(({ integration }) => integration.target === undefined && version2.has(integration.vpcLink))
    .map(({ httpMethod, resourcePath }) => ({
      code: 'NO_INTEGRATION_TARGET',
      at: `${httpMethod} ${resourcePath}`,
      message: 'the integration goes through a VPC link V2 and names no load balancer',
      remedy: 'set integrationTarget to the ARN of the load balancer',
    }));
}

/** Logical ids of the template's load balancers, by ARN. */
export function loadBalancers(resolver: TemplateResolver): ReadonlyMap<string, string> {
  const ids = resolver.idsOf('AWS::ElasticLoadBalancingV2::LoadBalancer');
  return new Map(ids.map((id) => [String(resolver.reference(id)), id]));
}
