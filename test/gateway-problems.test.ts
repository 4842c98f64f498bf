import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Authentication, Backend, type IWebAcl, WebAcl } from '../lib';
import {
  CUSTOMER,
  DOCUMENT,
  documentOf,
  ENVIRONMENT,
  gatewayStack,
  quickApp,
  SERVER_NAME,
} from './fixtures/gateway';
import { codesOf } from './fixtures/problems';

describe('a gateway that is wrongly described', () => {
  test('names every problem of document and props at once', () => {
    expect(
      codesOf(() =>
        gatewayStack({
          definition: documentOf(DOCUMENT.replace('security: [{ customer: [] }]', '')),
          authentication: {
            customer: Authentication.jwt({ issuer: 'http://id.example.com/', audiences: [] }),
          },
          backend: { serverName: 'not a name', basePath: 'v2/' },
          tiers: { free: { rate: 0, burst: 1 } },
          revokeWithin: Duration.days(1),
          stageName: 'a stage',
        }),
      ),
    ).toEqual(
      expect.arrayContaining([
        'NO_AUDIENCE',
        'INSECURE_URL',
        'BACKEND_SERVER_NAME',
        'BACKEND_BASE_PATH',
        'TIER_LIMIT',
        'REVOKE_WITHIN',
        'STAGE_NAME',
        expect.stringMatching(/SECURITY|OPEN/),
      ]),
    );
  });

  test.each(['', ' '])(
    'fails with %j for the issuer of identities, which verifiers take for none',
    (identityIssuer) => {
      expect(codesOf(() => gatewayStack({ identityIssuer }))).toEqual(['IDENTITY_ISSUER']);
    },
  );

  test.each(['/v2', 'v2/', 'a/b', '', 'ping'])(
    'fails with the base path %j, which no rule on paths would meet',
    (basePath) => {
      expect(codesOf(() => gatewayStack({ basePaths: ['v1', basePath] }))).toEqual(['BASE_PATHS']);
    },
  );

  describe('behind a web ACL that is defined elsewhere', () => {
    const ARN = 'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/central/1';
    const restricted = documentOf(
      DOCUMENT.replace(
        'operationId: listOrders',
        'operationId: listOrders\n      x-gateway: { onlyFrom: office }',
      ),
    );
    const office = { office: ['203.0.113.0/24'] };
    const restrictions = [{ method: 'GET', path: '/orders', networks: 'office' }];
    const elsewhere = () => new Stack(quickApp(), 'Elsewhere');

    test('fails with edge options, which would have no effect', () => {
      const webAcl = WebAcl.fromWebAclArn(elsewhere(), 'Central', ARN);

      expect(codesOf(() => gatewayStack({ webAcl, edge: { deny: ['198.51.100.0/24'] } }))).toEqual([
        'EDGE_UNUSED',
      ]);
      expect(codesOf(() => gatewayStack({ webAcl, edge: {} }))).toEqual([]);
    });

    test('warns of what its log may show of credentials, and of what the document redacts', () => {
      const redacting = documentOf(
        DOCUMENT.replace(
          'operationId: listOrders',
          `operationId: listOrders
      parameters:
        - { name: pin, in: query, x-gateway-redact: true, schema: { type: string } }
        - name: filter
          in: query
          x-gateway-redact: true
          style: deepObject
          schema: { type: object, additionalProperties: { type: string } }
        - { name: Session, in: cookie, x-gateway-redact: true, schema: { type: string } }`,
        ).replace('name: orderId, in: path,', 'name: orderId, in: path, x-gateway-redact: true,'),
      );
      const warnings = (webAclOf?: (scope: Stack) => IWebAcl) => {
        const app = quickApp();
        const webAcl = webAclOf?.(new Stack(app, 'Elsewhere', { env: ENVIRONMENT }));
        const { stack } = gatewayStack({ definition: redacting, ...(webAcl && { webAcl }) }, app);
        return Annotations.fromStack(stack)
          .findWarning('*', Match.stringLikeRegexp('hides in its log'))
          .map(({ entry }) => String(entry.data).replace(/.*in its log: (.*); hide.*/s, '$1'));
      };
      const redaction = { query: true, path: true };

      expect(warnings((scope) => WebAcl.fromWebAclArn(scope, 'Central', ARN))).toEqual([
        'header authorization, header cookie, query parameter pin, queries, cookie Session, paths',
      ]);
      expect(warnings((scope) => new WebAcl(scope, 'WebAcl', {}))).toEqual([
        'query parameter pin, queries, paths',
      ]);
      expect(
        warnings(
          (scope) => new WebAcl(scope, 'WebAcl', { redaction: { queryArguments: ['PIN'], path: true } }),
        ),
      ).toEqual(['queries']);
      expect(warnings((scope) => new WebAcl(scope, 'WebAcl', { redaction }))).toEqual([]);
      expect(warnings()).toEqual([]);
    });

    test('fails with an operation for some networks, unless that web ACL is known to refuse others', () => {
      const codes = (webAcl: IWebAcl) => codesOf(() => gatewayStack({ definition: restricted, webAcl }));

      expect(codes(WebAcl.fromWebAclArn(elsewhere(), 'Central', ARN))).toEqual(['ONLY_FROM_WEB_ACL']);
      expect(codes(new WebAcl(elsewhere(), 'WebAcl', {}))).toEqual(['ONLY_FROM_WEB_ACL']);
      expect(codes(new WebAcl(elsewhere(), 'WebAcl', { networks: office, restrictions }))).toEqual([]);
    });
  });

  test('fails when the document names a backend or scheme that the props lack', () => {
    expect(codesOf(() => gatewayStack({ authentication: { other: authentication } }))).toEqual(
      expect.arrayContaining(['SCHEME_WITHOUT_AUTHENTICATION', 'AUTHENTICATION_WITHOUT_SCHEME']),
    );
    expect(
      codesOf(() =>
        gatewayStack({ definition: documentOf(DOCUMENT.replace('backend: orders', 'backend: order')) }),
      ),
    ).toContain('UNKNOWN_BACKEND');
  });

  test('fails when the props name a scheme or backend that the document lacks', () => {
    const { loadBalancer } = gatewayStack();
    const backend = Backend.applicationLoadBalancer(loadBalancer, { serverName: SERVER_NAME });

    expect(codesOf(() => gatewayStack({ authentication: { ...CUSTOMER, partner: authentication } }))).toEqual(
      ['AUTHENTICATION_WITHOUT_SCHEME'],
    );
    expect(codesOf(() => gatewayStack({ backends: { orders: backend, payments: backend } }))).toEqual([
      'UNUSED_BACKEND',
    ]);
  });

  const authentication = Authentication.jwt({ issuer: 'https://id.example.com/', audiences: ['orders'] });
});
