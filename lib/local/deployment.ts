import { GatewayConfigurationError } from '../errors';
import { type Rotation, readRotations } from './functions/rotate-secrets';
import { type BackendTarget, backendTargets } from './integration/backend-targets';
import { loadBalancers, vpcLinkProblems } from './integration/vpc-links';
import { type Masking, readMasking } from './logs/masking';
import { readSubscriptions, type Subscriptions } from './logs/subscriptions';
import type { ApiModel, FunctionModel, PlansModel } from './model/api';
import { readApi } from './model/read-api';
import { functionArnOf, readFunction } from './model/read-functions';
import { readPlans } from './model/read-plans';
import type { LocalGatewayOptions, LocalGatewaySource } from './options';
import { readStackSource } from './source';
import { TemplateResolver } from './template/resolver';
import { createWebAcl, type LocalWebAcl } from './web-acl';

/** All that the template says of the gateway, read and resolved. */
export interface Deployment {
  readonly resolver: TemplateResolver;
  readonly api: ApiModel;
  readonly plans: PlansModel;
  /** By the ARN that an authorizer or an integration invokes, qualifier included. */
  readonly functions: ReadonlyMap<string, FunctionModel>;
  readonly rotations: readonly Rotation[];
  readonly targets: readonly BackendTarget[];
  /** Logical ids of load balancers, by ARN. */
  readonly loadBalancers: ReadonlyMap<string, string>;
  readonly masking: Masking;
  readonly subscriptions: Subscriptions;
  readonly webAcl: LocalWebAcl | undefined;
  /** What of the template is not as deployed, one sentence each. */
  readonly ignored: readonly string[];
}

/** Reads a deployment; everything that is missing is reported at once. */
export function readDeployment(
  source: LocalGatewaySource,
  { parameters, restApi, backends, geo }: LocalGatewayOptions,
  now: () => number,
  standIn?: string,
): Deployment {
  const resolver = new TemplateResolver(readStackSource(source), parameters);
  const { api, ignored } = readApi(resolver, restApi);
  const plans = readPlans(resolver, api.id, api.stage.name);
  const rotations = readRotations(resolver);
  const functions = readFunctions(resolver, api, rotations);
  const masking = readMasking(resolver);
  const subscriptions = readSubscriptions(resolver);
  const stageArn = `arn:aws:apigateway:${api.region}::/restapis/${api.id}/stages/${api.stage.name}`;
  const webAcl = createWebAcl(resolver, stageArn, now, { ...geo, ...(standIn !== undefined && { standIn }) });
  const problems = [...resolver.problems, ...vpcLinkProblems(resolver, api)];
  if (problems.length > 0) throw new GatewayConfigurationError(problems);

  const targets = backendTargets(resolver, api, backends);
  return {
    resolver,
    api,
    plans,
    functions,
    rotations,
    targets,
    loadBalancers: loadBalancers(resolver),
    masking,
    subscriptions,
    webAcl,
    ignored: [...ignored, ...masking.notRun, ...subscriptions.notRun, ...(webAcl?.notRun ?? [])],
  };
}

function readFunctions(
  resolver: TemplateResolver,
  api: ApiModel,
  rotations: readonly Rotation[],
): ReadonlyMap<string, FunctionModel> {
  const invoked = [
    ...api.methods.flatMap(({ authorizer, integration }) => [
      ...(authorizer && authorizer.kind !== 'unsupported' ? [authorizer.functionArn] : []),
      ...(integration.type === 'AWS_PROXY' ? [functionArnOf(integration.uri) ?? ''] : []),
    ]),
    ...rotations.map(({ functionArn }) => functionArn),
  ];
  return new Map(
    [...new Set(invoked)].flatMap((arn) => {
      const model = readFunction(resolver, arn);
      return model ? [[arn, model] as const] : [];
    }),
  );
}
