import { createHash } from 'node:crypto';
import { Annotations, CfnParameter, CfnResource, Lazy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { BodyToken } from './gateway-body-token';
import { logicalIdWith } from './logical-id';
import { renderedProperties } from './rendered-properties';

/** Properties that replace what the API refers to, and leave the reference as it was. */
const REPLACING: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGatewayV2::VpcLink': ['SecurityGroupIds', 'SubnetIds'],
  'AWS::Lambda::Function': ['FunctionName'],
};

/**
 * A deployment of the API that is replaced whenever anything about the API changes.
 *
 * Its logical id carries a hash of the API's properties as synthesized, so that amendments made after the gateway
 * was defined count too. References keep their text, so that what stands behind one that matters must tell: a VPC
 * link by its logical id, a load balancer by `identity`, and whatever properties replace it. Tags are no part of what is
 * served.
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
      produce: () =>
        logicalIdWith(
          stem,
          body.abridged(() => digestOf(scope, restApi, identity())),
        ),
    }),
  );
  warnOfDeployedValues(scope, body);
  return deployment;
}

/** The resource as the template will have it; what the CDK's own deployment hashes, but for the tags. */
function digestOf(scope: Construct, restApi: apigateway.CfnRestApi, identity: string): string {
  const text = JSON.stringify({ ...renderedProperties(restApi), Tags: undefined });
  return createHash('sha256')
    .update(text)
    .update(replacementsBehind(scope, text))
    .update(deletionsOf(restApi))
    .update(identity)
    .digest('hex')
    .slice(0, 16);
}

/** What of the gateway's own resources, as far as the API refers to them, would replace them. */
function replacementsBehind(scope: Construct, text: string): string {
  const stack = Stack.of(scope);
  const behind = scope.node
    .findAll()
    .filter((child) => CfnResource.isCfnResource(child))
    .filter(({ cfnResourceType, logicalId }) =>
      REPLACING[cfnResourceType] ? text.includes(`"${stack.resolve(logicalId)}"`) : false,
    )
    .map((resource) => {
      const properties = renderedProperties(resource);
      return REPLACING[resource.cfnResourceType]?.map((name) => properties[name]);
    });
  return JSON.stringify(behind);
}

/**
 * API Gateway serves a copy of the API. Where a value in it changes between two deployments of one template, the copy
 * stays as it was, and nothing in a template can make another.
 */
function warnOfDeployedValues(scope: Construct, body: BodyToken): void {
  const stack = Stack.of(scope);
  const text = JSON.stringify(stack.resolve(body.tokens));
  const names = stack.node
    .findAll()
    .filter((child) => child instanceof CfnParameter)
    .map((parameter) => String(stack.resolve(parameter.logicalId)))
    .filter((name) => text.includes(`{"Ref":"${name}"}`));
  if (names.length === 0) return;

  Annotations.of(scope).addWarningV2(
    'secure-api-gateway:DEPLOYED_VALUE',
    `the API holds the value of ${names.join(', ')}: where that alone changes, API Gateway serves the old one until something else of the API changes. Give the value at synthesis, or change 'info.version' of the document with it`,
  );
}

/** An override that deletes leaves no trace in an abridged body. */
function deletionsOf(restApi: apigateway.CfnRestApi): string {
  return JSON.stringify(restApi['rawOverrides'], (_key, value: unknown) => value ?? null);
}
