import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { IDENTITY_HEADERS } from '../../lib/protocol';
import { review } from '../../lib/review';
import { CatalogueStack } from '../examples/adopt-existing';
import * as features from '../examples/features';
import { OrdersStack } from '../examples/orders/stack';
import { VersionedCatalogue } from '../examples/versions';
import { ENVIRONMENT, loadBalancerIn, quickApp } from '../fixtures/gateway';
import { IDS, type Planted, propertiesOf, serviceWith } from './service';

const HEADERS = [...Object.values(IDENTITY_HEADERS), 'Authorization'];

describe('a forgeable identity', () => {
  // findings are printed at synthesis; they are not what is tested here
  beforeEach(() => jest.spyOn(console, 'error').mockReturnValue());

  test.each(HEADERS)('is a %s that is not mapped', (header) => {
    const findings = forgeableIn((mappings) => {
      delete mappings[`integration.request.header.${header}`];
    });

    expect(findings.map(({ message }) => message)).toEqual([
      `GET /orders does not hand its backend the gateway's own ${header.toLowerCase()}`,
    ]);
  });

  test.each(HEADERS)('is a %s as the caller sent it', (header) => {
    const findings = forgeableIn((mappings) => {
      mappings[`integration.request.header.${header}`] = `method.request.header.${header}`;
    });

    expect(findings).toHaveLength(1);
  });

  test('is every header of an operation without mappings', () => {
    const findings = forgeableIn((mappings) => {
      for (const target of Object.keys(mappings)) delete mappings[target];
    });

    expect(findings).toHaveLength(HEADERS.length);
  });

  test('is not a header that is mapped in another casing', () => {
    const findings = forgeableIn((mappings) => {
      mappings['integration.request.header.x-user-id'] = 'context.authorizer.userId';
      delete mappings['integration.request.header.X-User-Id'];
    });

    expect(findings).toEqual([]);
  });

  test.each(Object.entries(features))('is in no operation of the example of %s', (_, example) => {
    const stack = new Stack(quickApp(), 'Example', { env: ENVIRONMENT });
    example(stack, loadBalancerIn(stack, new Vpc(stack, 'Vpc')));

    expectNone(stack);
  });

  test('is in no operation of the other examples', () => {
    const app = quickApp();
    const network = new Stack(app, 'Network', { env: ENVIRONMENT });
    const hostedZone = HostedZone.fromHostedZoneAttributes(network, 'Zone', {
      hostedZoneId: 'Z0123456789',
      zoneName: 'example.com',
    });
    const loadBalancer = loadBalancerIn(network, new Vpc(network, 'Vpc'));

    const examples = [
      new OrdersStack(app, 'Orders', {
        issuer: 'https://id.example.com/',
        audience: 'orders',
        serverName: 'orders.internal.example.com',
      }),
      new CatalogueStack(app, 'Catalogue', { env: ENVIRONMENT }),
      new VersionedCatalogue(app, 'Versions', { env: ENVIRONMENT, loadBalancer, hostedZone }),
    ];

    for (const example of examples) expectNone(example);
  });

  function forgeableIn(change: (mappings: Record<string, string>) => void) {
    return forgeable(
      serviceWith((template: Planted) => {
        const { paths } = propertiesOf(template, IDS.api)['Body'] as {
          paths: Record<
            string,
            Record<string, Record<string, { requestParameters: Record<string, string> }>>
          >;
        };
        change(paths['/orders']?.['get']?.['x-amazon-apigateway-integration']?.requestParameters ?? {});
      }),
    );
  }

  function expectNone(stack: Stack): void {
    const template = Template.fromStack(stack);

    expect(Object.keys(template.findResources('AWS::ApiGateway::RestApi')).length).toBeGreaterThan(0);
    expect(forgeable([{ stack: stack.stackName, template: template.toJSON() }])).toEqual([]);
  }

  function forgeable(templates: Parameters<typeof review>[0]) {
    return review(templates).filter(({ rule }) => rule === 'forgeable-identity');
  }
});
