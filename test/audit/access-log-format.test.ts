import { ACCESS_LOG_FIELDS, accessLogFormat } from '../../lib/audit/access-log-format';

/** What the documentation of HTTP APIs allows; that of REST APIs gives no number (aws-facts 8.5). */
const MAXIMUM_BYTES = 3072;

const variables = Object.values(ACCESS_LOG_FIELDS).flatMap(
  (value) => value.match(/\$context\.[\w.]+/g) ?? [],
);

describe('the access log', () => {
  test.each([
    ['time', '@timestamp', 'requestTimeEpoch'],
    ['extended request id', 'http.request.id', 'extendedRequestId'],
    ['client id', 'gateway.client_id', 'authorizer.clientId'],
    ['tenant', 'organization.id', 'authorizer.tenantId'],
    ['key id', 'gateway.key_id', 'authorizer.keyId'],
    ['principal', 'user.id', 'authorizer.principalId'],
    ['source IP', 'source.ip', 'identity.sourceIp'],
    ['method', 'http.request.method', 'httpMethod'],
    ['route template', 'http.route', 'resourcePath'],
    ['status', 'http.response.status_code', 'status'],
    ['bytes', 'http.response.body.bytes', 'responseLength'],
    ['type of a refusal', 'error.type', 'error.responseType'],
    ['code of a refusal', 'error.code', 'authorizer.code'],
    ['status of the authorizer', 'gateway.authorizer.status', 'authorizer.status'],
    ['status of what became of its policy', 'gateway.authorize.status', 'authorize.status'],
    ['verdict of the web ACL', 'gateway.waf.verdict', 'wafResponseCode'],
    ['latency of the authorizer', 'gateway.authorizer.latency', 'authorizer.latency'],
    ['latency of the service', 'gateway.integration.latency', 'integration.latency'],
    ['status of the service', 'gateway.integration.status', 'integration.status'],
    ['TLS version', 'tls.version', 'tlsVersion'],
    ['cipher', 'tls.cipher', 'cipherSuite'],
    ['serial of the certificate', 'tls.client.x509.serial_number', 'identity.clientCert.serialNumber'],
  ])('has the %s', (_, name, variable) => {
    const value = name
      .split('.')
      .reduce<unknown>((at, part) => Reflect.get(Object(at), part), JSON.parse(accessLogFormat()));

    expect(value).toBe(`$context.${variable}`);
  });

  test('has in one field what tells the stage of a refusal', () => {
    expect(JSON.parse(accessLogFormat()).event.reason.split(' ')).toEqual([
      '$context.status',
      '$context.wafResponseCode',
      '$context.error.responseType',
      '$context.authorizer.code',
    ]);
  });

  test('has nothing that a caller writes freely, and no credential', () => {
    for (const variable of [
      'path',
      'requestOverride',
      'requestId',
      'identity.userAgent',
      'identity.apiKey',
      'identity.clientCert.clientCertPem',
      'identity.clientCert.subjectDN',
      'error.message',
      'error.messageString',
      'error.validationErrorString',
      'authorizer.identity',
      'authorizer.userId',
      'authorizer.detail',
      'authorizer.error',
      'authorize.error',
      'integration.error',
      'waf.error',
    ]) {
      expect(variables).not.toContain(`$context.${variable}`);
    }
  });

  test('is one object, within what API Gateway takes, in which no name hides another', () => {
    const format = accessLogFormat();

    expect(format.match(/\$context\.[\w.]+/g)).toEqual(variables);
    expect(format).not.toContain('\n');
    expect(Buffer.byteLength(format)).toBeLessThan(MAXIMUM_BYTES);
  });
});
