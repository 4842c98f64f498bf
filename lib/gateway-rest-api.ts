import { type TreeInspector, Validations } from 'aws-cdk-lib';
import { CfnRestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { CompiledApi } from './definition/compiled-api';
import type { BodyToken } from './gateway-body-token';
import { guardTemplateSize } from './gateway-template-size';

/** The API, whose properties are left out of the CDK's tree file: the template has them, and the body is large. */
class GatewayRestApi extends CfnRestApi {
  public override inspect(inspector: TreeInspector): void {
    inspector.addAttribute('aws:cdk:cloudformation:type', CfnRestApi.CFN_RESOURCE_TYPE_NAME);
  }
}

/** The API, with what the review and the local gateway cannot tell from its properties written down beside them. */
export function defineRestApi(
  scope: Construct,
  body: BodyToken,
  compiled: CompiledApi,
  backends: unknown,
): CfnRestApi {
  const api = new GatewayRestApi(scope, 'Resource', {
    body,
    mode: 'overwrite',
    failOnWarnings: true,
    parameters: { endpointConfigurationTypes: 'REGIONAL' },
  });
  guardTemplateSize(api, body, compiled.body);
  Validations.of(api).acknowledge({
    id: 'AwsSolutions::AwsSolutions-APIG2',
    reason: "the validator stands in the body, where the rule does not look; parameters are the authorizer's",
  });
  api.addMetadata('secure-api-gateway:document', compiled.body.info);
  api.addMetadata('secure-api-gateway:backends', backends);
  api.addMetadata('secure-api-gateway:identity', compiled.identity);
  return api;
}
