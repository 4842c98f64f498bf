import type { TreeInspector } from 'aws-cdk-lib';
import { CfnRestApi } from 'aws-cdk-lib/aws-apigateway';
import type { CompiledApi } from './definition/compiled-api';

/** The API, whose properties are left out of the CDK's tree file: the template has them, and the body is large. */
export class GatewayRestApi extends CfnRestApi {
  public override inspect(inspector: TreeInspector): void {
    inspector.addAttribute('aws:cdk:cloudformation:type', CfnRestApi.CFN_RESOURCE_TYPE_NAME);
  }
}

/** Writes down what the review and the local gateway cannot tell from the API's properties. */
export function describeGateway(api: CfnRestApi, { body, identity }: CompiledApi, backends: unknown): void {
  api.addMetadata('secure-api-gateway:document', body.info);
  api.addMetadata('secure-api-gateway:backends', backends);
  api.addMetadata('secure-api-gateway:identity', identity);
}
