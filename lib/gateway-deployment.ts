import { createHash } from 'node:crypto';
import { Lazy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';

/**
 * A deployment of the API that is replaced whenever anything about the API changes.
 *
 * Its logical id carries a hash of the API's properties as synthesized, so that amendments made after the gateway
 * was defined count too, and of nothing else: references keep their text, and what stands behind one that matters
 * (a VPC link) has a telling logical id of its own.
 */
export function defineDeployment(scope: Construct, restApi: apigateway.CfnRestApi): apigateway.CfnDeployment {
  const stack = Stack.of(scope);
  const deployment = new apigateway.CfnDeployment(scope, 'Deployment', { restApiId: restApi.ref });

  const stem = stack.getLogicalId(deployment);
  deployment.overrideLogicalId(
    Lazy.uncachedString({ produce: () => `${stem}${hash(propertiesOf(stack, restApi))}` }),
  );
  return deployment;
}

/** The resource as the template will have it; what the CDK's own deployment hashes. */
function propertiesOf(stack: Stack, resource: apigateway.CfnRestApi): unknown {
  const rendered = stack.resolve((resource as Renderable)._toCloudFormation());
  const [definition] = Object.values<{ Properties?: unknown }>(rendered.Resources);
  return definition?.Properties;
}

interface Renderable extends apigateway.CfnRestApi {
  _toCloudFormation(): object;
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
