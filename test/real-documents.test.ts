import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Authentication, Backend, OpenApiDocument, SecureApiGateway } from '../lib';
import { madeReady, testEachReal, testOnReal } from './definition/real-documents';
import { ENVIRONMENT, loadBalancerIn, quickApp, SERVER_NAME } from './fixtures/gateway';

/** CloudFormation's largest template, uploaded. */
const MAXIMUM_TEMPLATE_BYTES = 1_000_000;

describe('a gateway before a real document', () => {
  const templates = new Map<string, Template>();

  testEachReal('synthesizes $name, small enough for CloudFormation', ({ name, scheme }) => {
    const stack = new Stack(quickApp(), 'Real', { env: ENVIRONMENT });
    const loadBalancer = loadBalancerIn(stack, new ec2.Vpc(stack, 'Vpc'));
    new SecureApiGateway(stack, 'Gateway', {
      definition: OpenApiDocument.fromString(JSON.stringify(madeReady(name)), { path: name }),
      authentication: {
        [scheme]: Authentication.jwt({ issuer: 'https://id.example.com/', audiences: ['real'] }),
      },
      backends: { only: Backend.applicationLoadBalancer(loadBalancer, { serverName: SERVER_NAME }) },
    });

    const template = Template.fromStack(stack);
    templates.set(name, template);
    // with the indentation that the CDK adds unless told otherwise
    const written = JSON.stringify(template.toJSON(), undefined, 1);
    expect(Buffer.byteLength(written)).toBeLessThan(MAXIMUM_TEMPLATE_BYTES);
  });

  testOnReal('defines as many resources for one as for another', () => {
    const counts = [...templates.values()].map(
      (template) => Object.keys(template.toJSON()['Resources']).length,
    );

    expect(new Set(counts).size).toBe(1);
  });
});
