import { Stack, type StackProps } from 'aws-cdk-lib';
import { UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Authentication, Backend, OpenApiDocument, SecureApiGateway } from 'cdk-secure-api-gateway';
import type { Construct } from 'constructs';

export class CatalogueStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    // #region gateway
    const tags = { service: 'catalogue' };
    const service = ApplicationLoadBalancer.fromLookup(this, 'Service', { loadBalancerTags: tags });
    const customers = UserPool.fromUserPoolId(this, 'Customers', 'eu-west-1_Customers');
    const shop = UserPoolClient.fromUserPoolClientId(this, 'Shop', '1h57kf5cpq17m0eml12EXAMPLE');

    new SecureApiGateway(this, 'Gateway', {
      definition: OpenApiDocument.fromFile('test/examples/catalogue.yaml'),
      authentication: { customer: Authentication.cognito(customers, { clients: [shop] }) },
      backends: {
        catalogue: Backend.applicationLoadBalancer(service, { serverName: 'catalogue.example.com' }),
      },
    });
    // #endregion
  }
}
