import { createHash } from 'node:crypto';
import { Lazy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { BodyToken } from './gateway-body-token';

/**
 * A deployment of the API that is replaced whenever anything about the API changes.
 *
 * Its logical id carries a hash of the API's properties as synthesized, so that amendments made after the gateway
 * was defined count too, and of nothing else: references keep their text, and what stands behind one that matters
 * (a VPC link) has a telling logical id of its own.
 */
export function defineDeployment(
  scope: Construct,
  restApi: apigateway.CfnRestApi,
  body: BodyToken,
): apigateway.CfnDeployment {
  const stack = Stack.of(scope);
  const deployment = new apigateway.CfnDeployment(scope, 'Deployment', { restApiId: restApi.ref });

  const stem = stack.getLogicalId(deployment);
  deployment.overrideLogicalId(
    Lazy.uncachedString({ produce: () => `${stem}${body.abridged(() => digestOf(stack, restApi))}` }),
  );
  return deployment;
}

/** The resource as the template will have it; what the CDK's own deployment hashes. */
function digestOf(stack: Stack, restApi: apigateway.CfnRestApi): string {
  const rendered = stack.resolve((restApi as Renderable)._toCloudFormation());
  const [resource] = Object.values<{ Properties?: unknown }>(rendered.Resources);

  return createHash('sha256')
    .update(JSON.stringify(resource?.Properties))
    .update(deletionsOf(restApi))
    .digest('hex')
    .slice(0, 16);
}

interface Renderable extends apigateway.CfnRestApi {
  _toCloudFormation(): object;
}

/** An override that deletes leaves no trace in an abridged body. */
function deletionsOf(restApi: apigateway.CfnRestApi): string {
  return JSON.stringify(restApi['rawOverrides'], (_key, value: unknown) => value ?? null);
}
