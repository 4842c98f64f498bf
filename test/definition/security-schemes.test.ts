import { codesOf, compiled, minimalDocument } from './minimal-document';

const withScheme = (scheme: unknown) =>
  minimalDocument({ security: [{ jwt: [] }], components: { securitySchemes: { jwt: scheme } } });

describe('readSecuritySchemes', () => {
  test.each<[string, object, object]>([
    ['http bearer', { type: 'http', scheme: 'Bearer' }, { in: 'authorization' }],
    [
      'OpenID Connect',
      { type: 'openIdConnect', openIdConnectUrl: 'https://id.example.com' },
      { in: 'authorization' },
    ],
    [
      'OAuth2 with a code',
      { type: 'oauth2', flows: { authorizationCode: { scopes: {} } } },
      { in: 'authorization' },
    ],
    [
      'an API key in a header',
      { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
      { in: 'header', name: 'x-api-key' },
    ],
    ['mutual TLS', { type: 'mutualTLS' }, { in: 'clientCertificate' }],
  ])('accepts %s and tells the authorizer where to look', (_, scheme, location) => {
    expect(compiled(withScheme(scheme)).policy.schemes).toEqual({ jwt: location });
  });

  test('keeps a header from services once, be it known for credentials or not', () => {
    const placeholder = (name: string) => {
      const { body } = compiled(withScheme({ type: 'apiKey', in: 'header', name }));
      return body.paths['/orders']?.['get']?.['x-amazon-apigateway-integration'];
    };

    expect(placeholder('X-Api-Key')).toMatchObject({
      credentialHeaders: ['x-api-key'],
      withheldHeaders: ['Cookie'],
    });
    expect(placeholder('X-Key')).toMatchObject({
      credentialHeaders: ['x-key'],
      withheldHeaders: ['X-Api-Key', 'Cookie'],
    });
  });

  test.each<[string, object]>([
    ['http basic', { type: 'http', scheme: 'basic' }],
    ['http digest', { type: 'http', scheme: 'digest' }],
    ['http without a scheme', { type: 'http' }],
    ['the password flow', { type: 'oauth2', flows: { password: { scopes: {} } } }],
    ['the implicit flow', { type: 'oauth2', flows: { implicit: {}, authorizationCode: {} } }],
    ['an API key in the query', { type: 'apiKey', in: 'query', name: 'key' }],
    ['an API key in a cookie', { type: 'apiKey', in: 'cookie', name: 'key' }],
    ['an API key in a header of identity', { type: 'apiKey', in: 'header', name: 'X_User_Id' }],
    ['an API key in a reserved header', { type: 'apiKey', in: 'header', name: 'X-User-Id' }],
    ['a header name with a line break', { type: 'apiKey', in: 'header', name: 'X-Key\r\nX: y' }],
    ['an API key in a header of the connection', { type: 'apiKey', in: 'header', name: 'Host' }],
    ['an unknown type', { type: 'saml' }],
  ])('fails with %s', (_, scheme) => {
    expect(codesOf(withScheme(scheme))).toContain('UNSUPPORTED_SCHEME');
  });

  const named = (name: string) =>
    minimalDocument({
      security: [{ [name]: [] }],
      components: { securitySchemes: { [name]: { type: 'http', scheme: 'bearer' } } },
    });

  test('fails with the name of one that is what the signed identity calls two others', () => {
    expect(codesOf(named('customer+staff'), { authentication: ['customer+staff'] })).toContain(
      'UNSUPPORTED_SCHEME',
    );
  });

  test.each(['Partner_1.2-b', 'Bearer Authentication', 'schlüssel'])('takes the name %s', (name) => {
    expect(compiled(named(name), { authentication: [name] }).policy.schemes).toHaveProperty([name]);
  });

  test('have the headers of API keys overwritten on the way to the backend, beside Authorization', () => {
    const credentialHeaders = (name: string) =>
      compiled(withScheme({ type: 'apiKey', in: 'header', name })).body.paths['/orders']?.['get']?.[
        'x-amazon-apigateway-integration'
      ];

    expect(credentialHeaders('X-Key')).toMatchObject({ credentialHeaders: ['x-key'] });
    expect(credentialHeaders('Authorization')).toMatchObject({ credentialHeaders: [] });
  });

  test('fails with one that no operation uses too', () => {
    const document = minimalDocument({
      components: {
        securitySchemes: { jwt: { type: 'http', scheme: 'bearer' }, old: { type: 'http', scheme: 'basic' } },
      },
    });

    expect(codesOf(document)).toEqual(['UNSUPPORTED_SCHEME']);
  });

  test('fails when props and document name different schemes, naming all of them', () => {
    expect(codesOf(minimalDocument(), { authentication: ['jvt'] })).toEqual([
      'AUTHENTICATION_WITHOUT_SCHEME',
      'SCHEME_WITHOUT_AUTHENTICATION',
    ]);
  });

  test('says once that nothing verifies a scheme, however many operations name or inherit it', () => {
    const security = [{ jwt: [] }];
    const operation = { security, responses: { 200: { description: 'OK' } } };
    const document = minimalDocument({
      security,
      paths: {
        '/a': { get: operation, put: operation },
        '/b': { get: { ...operation, security: undefined }, put: { ...operation, security: undefined } },
      },
    });

    expect(codesOf(document, { authentication: [] })).toEqual(['SCHEME_WITHOUT_AUTHENTICATION']);
  });
});
