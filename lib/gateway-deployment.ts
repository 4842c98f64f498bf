import { createHash } from 'node:crypto';
import { Lazy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { BodyToken } from './gateway-body-token';
import { renderedProperties } from './rendered-properties';

/**
 * A deployment of the API that is replaced whenever anything about the API changes.
 *
 * Its logical id carries a hash of the API's properties as synthesized, so that amendments made after the gateway
 * was defined count too. References keep their text, so that what stands behind one that matters must tell: a VPC
 * link by its logical id, a load balancer by `identity`.
 */
export function defineDeployment(
  scope: Construct,
  restApi: apigateway.CfnRestApi,
  body: BodyToken,
  identity: () => string,
): apigateway.CfnDeployment {
  const stack = Stack.of(scope);
  const deployment = new apigateway.CfnDeployment(scope, 'Deployment', { restApiId: restApi.ref });

  const stem = stack.getLogicalId(deployment);
  deployment.overrideLogicalId(
    Lazy.uncachedString({
      produce: () => `${stem}${body.abridged(() => digestOf(restApi, identity()))}`,
    }),
  );
  return deployment;
}

/** The resource as the template will have it; what the CDK's own deployment hashes. */
function digestOf(restApi: apigateway.CfnRestApi, identity: string): string {
  return createHash('sha256')
    .update(JSON.stringify(renderedProperties(restApi)))
    .update(deletionsOf(restApi))
    .update(identity)
    .digest('hex')
    .slice(0, 16);
}

/** An override that deletes leaves no trace in an abridged body. */
function deletionsOf(restApi: apigateway.CfnRestApi): string {
  return JSON.stringify(restApi['rawOverrides'], (_key, value: unknown) => value ?? null);
}
