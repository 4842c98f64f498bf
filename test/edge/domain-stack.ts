import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { DomainOptions } from '../../lib';
import { type FixtureProps, gatewayStack, quickApp } from '../fixtures/gateway';

export const NAME = 'api.example.com';
export const IMPORTED = 'arn:aws:acm:eu-west-1:111111111111:certificate/11111111-1111-1111-1111-111111111111';

/** A gateway at a domain whose zone is here. */
export function domainStack(options: Partial<DomainOptions>, props: FixtureProps = {}) {
  const app = quickApp();
  const zones = new Stack(app, 'Zones');
  const hostedZone = HostedZone.fromHostedZoneAttributes(zones, 'Zone', {
    hostedZoneId: 'Z1',
    zoneName: 'example.com',
  });
  return gatewayStack({ domain: { domainName: NAME, hostedZone, ...options }, ...props }, app);
}

export function templateOf(options: Partial<DomainOptions>): Template {
  return Template.fromStack(domainStack(options).stack);
}

/** The document of the REST API. */
export function bodyOf(template: Template): { servers: object[] } {
  const [api] = Object.values(template.findResources('AWS::ApiGateway::RestApi'));
  return api?.['Properties'].Body;
}
