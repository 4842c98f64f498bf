import type { TreeInspector } from 'aws-cdk-lib';
import { CfnRestApi } from 'aws-cdk-lib/aws-apigateway';

/** The API, whose properties are left out of the CDK's tree file: the template has them, and the body is large. */
export class GatewayRestApi extends CfnRestApi {
  public override inspect(inspector: TreeInspector): void {
    inspector.addAttribute('aws:cdk:cloudformation:type', CfnRestApi.CFN_RESOURCE_TYPE_NAME);
  }
}
