import { Duration } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Backend, type BackendOptions } from '../../lib';
import { certificateOf, gatewayStack, SERVER_NAME } from '../fixtures/gateway';
import { codesOf } from '../fixtures/problems';
import { gatewayBefore, integrationOf } from './gateways';

describe('a backend', () => {
  test('is called by HTTPS at the name in its certificate, through the link', () => {
    const { stack } = gatewayStack({ backend: { basePath: '/v2' } });

    expect(integrationOf(stack, '/orders/{orderId}', 'get')).toMatchObject({
      type: 'http_proxy',
      httpMethod: 'GET',
      uri: `https://${SERVER_NAME}/v2/orders/{orderId}`,
      connectionType: 'VPC_LINK',
      connectionId: { Ref: expect.stringMatching(/Links/) },
      integrationTarget: { Ref: expect.stringMatching(/Alb/) },
    });
  });

  test('gets every identity header, and no credential', () => {
    const { stack } = gatewayStack();

    expect(integrationOf(stack, '/orders/{orderId}', 'get')?.['requestParameters']).toEqual({
      'integration.request.path.orderId': 'method.request.path.orderId',
      'integration.request.header.X-User-Id': 'context.authorizer.userId',
      'integration.request.header.X-User-Roles': 'context.authorizer.userRoles',
      'integration.request.header.X-User-Scopes': 'context.authorizer.userScopes',
      'integration.request.header.X-Tenant-Id': 'context.authorizer.tenantId',
      'integration.request.header.X-Client-Id': 'context.authorizer.clientId',
      'integration.request.header.X-Request-Id': 'context.extendedRequestId',
      // the gateway's own word, never the caller's
      'integration.request.header.Authorization': 'context.authorizer.identity',
      // API Gateway would read a compressed answer as text
      'integration.request.header.Accept-Encoding': "'identity'",
      // a proxy would hand these on, though the document knows nothing of them; others the authorizer refuses
      'integration.request.header.Cookie': "'-'",
      'integration.request.header.X-Api-Key': "'-'",
    });
  });

  test('gets identity headers on public operations too, where a caller could forge them', () => {
    const { stack } = gatewayStack();

    expect(integrationOf(stack, '/health', 'get')?.['requestParameters']).toMatchObject({
      'integration.request.header.X-User-Id': 'context.authorizer.userId',
    });
  });

  test('has its certificate verified, unless told otherwise', () => {
    expect(integrationOf(gatewayStack().stack, '/orders', 'get')).not.toHaveProperty('tlsConfig');

    const { stack } = gatewayStack({ backend: { skipIssuerVerification: true } });
    expect(integrationOf(stack, '/orders', 'get')).toMatchObject({
      tlsConfig: { insecureSkipVerification: true },
    });
  });

  test('takes a timeout, further headers and another port', () => {
    const { stack, vpc } = gatewayStack();
    const loadBalancer = new elbv2.ApplicationLoadBalancer(stack, 'Other', { vpc });
    loadBalancer.addListener('Tls', {
      port: 8443,
      protocol: elbv2.ApplicationProtocol.HTTPS,
      certificates: [certificateOf(stack)],
      open: false,
      defaultAction: elbv2.ListenerAction.fixedResponse(404),
    });
    gatewayBefore(stack, 'OtherGateway', {
      orders: Backend.applicationLoadBalancer(loadBalancer, {
        serverName: SERVER_NAME,
        port: 8443,
        timeout: Duration.seconds(5),
        headers: { 'X-Source': 'gateway', 'X-Caller-Ip': '$context.identity.sourceIp' },
      }),
    });

    const integration = integrationOf(stack, '/orders', 'get', 1);
    expect(integration).toMatchObject({ uri: `https://${SERVER_NAME}:8443/orders`, timeoutInMillis: 5000 });
    expect(integration?.['requestParameters']).toMatchObject({
      'integration.request.header.X-Source': "'gateway'",
      'integration.request.header.X-Caller-Ip': 'context.identity.sourceIp',
    });
  });

  test('that may take more than 29 seconds warns of the quota', () => {
    const { stack } = gatewayStack({ backend: { timeout: Duration.seconds(60) } });

    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('quota'));
  });

  test.each<[string, Partial<BackendOptions>, string]>([
    ['an address', { serverName: 'https://orders.example.com' }, 'BACKEND_SERVER_NAME'],
    ['a name without a dot', { serverName: 'orders' }, 'BACKEND_SERVER_NAME'],
    ['a base path with a slash at its end', { basePath: '/v2/' }, 'BACKEND_BASE_PATH'],
    ['a base path that climbs', { basePath: '/v2?x=' }, 'BACKEND_BASE_PATH'],
    ['a port that is none', { port: -1 }, 'BACKEND_PORT'],
    ['half a port', { port: 443.5 }, 'BACKEND_PORT'],
    ['too short a timeout', { timeout: Duration.millis(10) }, 'BACKEND_TIMEOUT'],
    ['too long a timeout', { timeout: Duration.minutes(6) }, 'BACKEND_TIMEOUT'],
    ['an identity header', { headers: { 'x-user-id': 'me' } }, 'BACKEND_HEADER_NAME'],
    ['an identity header with another mark', { headers: { X_User_Id: 'me' } }, 'BACKEND_HEADER_NAME'],
    ['the header of the signed identity', { headers: { AUTHORIZATION: 'Bearer x' } }, 'BACKEND_HEADER_NAME'],
    ['the header of the request id', { headers: { 'X-Request-Id': '1' } }, 'BACKEND_HEADER_NAME'],
    ['cookies', { headers: { Cookie: 'a=b' } }, 'BACKEND_HEADER_NAME'],
    ['a header that ends at the gateway', { headers: { Connection: 'close' } }, 'BACKEND_HEADER_NAME'],
    ['one header in two casings', { headers: { 'X-A': 'a', 'x-a': 'b' } }, 'BACKEND_HEADER_NAME'],
    ['a header API Gateway refuses', { headers: { 'Content-Length': '1' } }, 'BACKEND_HEADER_NAME'],
    ['a header value that would leave its quotes', { headers: { 'X-A': "a'b" } }, 'BACKEND_HEADER_VALUE'],
    [
      'a variable that a request may lack',
      { headers: { 'X-A': '$context.authorizer.claims' } },
      'BACKEND_HEADER_VALUE',
    ],
    ['a header value of two lines', { headers: { 'X-A': 'a\nb' } }, 'BACKEND_HEADER_VALUE'],
  ])('fails with %s', (_what, backend, code) => {
    expect(codesOf(() => gatewayStack({ backend }))).toEqual([code]);
  });
});
