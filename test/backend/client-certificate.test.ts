import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { issue } from '../fixtures/certificates';
import { type FixtureProps, gatewayStack, quickApp } from '../fixtures/gateway';
import { codesOf } from '../fixtures/problems';
import { runGateway } from '../fixtures/run-gateway';

describe('a client certificate', () => {
  const template = templateOf({ backend: { clientCertificate: true } });

  test('is none by default', () => {
    const none = templateOf({});

    none.resourceCountIs('AWS::ApiGateway::ClientCertificate', 0);
    none.hasResourceProperties('AWS::ApiGateway::Stage', { ClientCertificateId: Match.absent() });
  });

  test('stands on the stage where a backend asks for one', () => {
    template.resourceCountIs('AWS::ApiGateway::ClientCertificate', 1);
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      ClientCertificateId: { Ref: Match.stringLikeRegexp('ClientCertificates') },
    });
  });

  test('warns that AWS does not say whether it comes through a VPC link', () => {
    const { stack } = gatewayStack({ backend: { clientCertificate: true } });

    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('through a VPC link'));
  });

  test('is rotated by naming the next one, the first being in use', () => {
    const both = templateOf({ backend: { clientCertificate: true }, clientCertificates: ['2026', '2027'] });
    const next = templateOf({ backend: { clientCertificate: true }, clientCertificates: ['2027', '2026'] });

    const certificates = (of: Template) =>
      Object.keys(of.findResources('AWS::ApiGateway::ClientCertificate')).sort();
    expect(certificates(both)).toHaveLength(2);
    expect(certificates(both)).toEqual(certificates(next));
    both.hasResourceProperties('AWS::ApiGateway::Stage', {
      ClientCertificateId: { Ref: Match.stringLikeRegexp('2026') },
    });
    next.hasResourceProperties('AWS::ApiGateway::Stage', {
      ClientCertificateId: { Ref: Match.stringLikeRegexp('2027') },
    });
  });

  test('is told from that of the same app under another stack name', () => {
    const app = quickApp();
    const { stack } = gatewayStack({ backend: { clientCertificate: true } }, app, { stackName: 'Staging' });

    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'DaysToExpiry',
      Dimensions: [{ Name: 'Certificate', Value: 'Staging/Gateway/backend-1' }],
    });
  });

  test('sounds an alarm before it ends, and when nobody can tell', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'SecureApiGateway',
      MetricName: 'DaysToExpiry',
      Dimensions: [{ Name: 'Certificate', Value: 'Orders/Gateway/backend-1' }],
      Threshold: 30,
      ComparisonOperator: 'LessThanThreshold',
      // it lacks data at first, and would go off with each first deployment
      TreatMissingData: 'missing',
      Period: 86_400,
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('ExpiryHandler') } }],
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    });
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(12 hours)' });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'apigateway:GET',
            Resource: {
              'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('/clientcertificates/$')])],
            },
          }),
        ]),
      },
    });
  });

  test.each([[[]], [['a', 'a']], [['a b']]])('fails with the names %j', (clientCertificates) => {
    expect(codesOf(() => gatewayStack({ clientCertificates }))).toEqual(['CLIENT_CERTIFICATE_NAMES']);
  });

  describe('of the gateway run here', () => {
    let backend: Server;
    let server: Awaited<ReturnType<typeof issue>>;
    let authority: Awaited<ReturnType<typeof issue>>;
    let subjects: string[];

    beforeAll(async () => {
      server = await issue({ name: 'orders.internal.example.com', isAuthority: false });
      authority = await issue({ name: 'API Gateway' });
      subjects = [];
      backend = createServer(
        {
          cert: server.pem,
          key: server.keyPem,
          ca: authority.pem,
          requestCert: true,
          rejectUnauthorized: true,
        },
        (request, response) => {
          if (request.socket instanceof TLSSocket)
            subjects.push(String(request.socket.getPeerCertificate().subject.CN));
          response.end('{}');
        },
      ).listen(0, '127.0.0.1');
      await once(backend, 'listening');
    });
    afterAll(() => {
      backend.closeAllConnections();
      backend.close();
    });

    test('opens a service that demands it', async () => {
      expect(await statusOf({ backend: { clientCertificate: true } })).toBe(200);
      expect(subjects).toEqual(['API Gateway']);
    });

    test('is not shown where no backend asks for one, so the service refuses', async () => {
      expect(await statusOf({})).toBeGreaterThanOrEqual(502);
    });

    async function statusOf(props: FixtureProps): Promise<number> {
      const { port } = backend.address() as AddressInfo;
      const gateway = await runGateway(
        `https://127.0.0.1:${port}`,
        { ...props, edge: { observe: true } },
        { backendTls: { cert: authority.pem, key: authority.keyPem, ca: server.pem } },
      );
      try {
        return (await fetch(new URL('health', gateway.url))).status;
      } finally {
        await gateway.close();
      }
    }
  });
});

function templateOf(props: FixtureProps): Template {
  return Template.fromStack(gatewayStack(props).stack);
}
