import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import {
  ApiVersions,
  Authentication,
  Backend,
  OpenApiDocument,
  SecureApiGateway,
} from 'cdk-secure-api-gateway';
import type { Construct } from 'constructs';

export interface VersionedCatalogueProps extends StackProps {
  readonly loadBalancer: IApplicationLoadBalancer;
  readonly hostedZone: IHostedZone;
}

/** Two versions of an API on one domain, the first of which ends. */
export class VersionedCatalogue extends Stack {
  constructor(scope: Construct, id: string, { loadBalancer, hostedZone, ...props }: VersionedCatalogueProps) {
    super(scope, id, props);

    const authentication = {
      customer: Authentication.jwt({ issuer: 'https://id.example.com/', audiences: ['catalogue'] }),
    };
    const definition = OpenApiDocument.fromFile('test/examples/catalogue.yaml');
    const catalogue = (basePath: string) =>
      Backend.applicationLoadBalancer(loadBalancer, { serverName: 'catalogue.example.com', basePath });

    // #region versions
    const first = new SecureApiGateway(this, 'V1', {
      definition,
      authentication,
      backends: { catalogue: catalogue('/1') },
      disableDefaultEndpoint: true,
      deprecation: { since: '2026-06-30', sunset: '2027-06-30', link: 'https://example.com/migrate' },
    });
    const second = new SecureApiGateway(this, 'V2', {
      definition,
      authentication,
      backends: { catalogue: catalogue('/2') },
      disableDefaultEndpoint: true,
      basePaths: ['v2'],
    });

    new ApiVersions(this, 'Versions', {
      domainName: 'api.example.com',
      hostedZone,
      versions: [
        { gateway: second, basePath: 'v2' },
        { gateway: second, header: '2' },
        { gateway: first, fallback: true },
      ],
    });
    // #endregion
  }
}
