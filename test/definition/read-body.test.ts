import type { FindingSeverity } from '../../lib/definition';
import { codesOf, compiled, findingsOf, minimalDocument } from './minimal-document';

const ORDER = { type: 'object', properties: { note: { type: 'string', maxLength: 9 } } };
const json = { 'application/json': { schema: ORDER } };

const document = (operation: object, root: object = {}) =>
  minimalDocument({ paths: { '/orders': { post: operation } }, ...root });
const withContent = (content: object, extension: object = {}) =>
  document({ requestBody: { required: true, content }, 'x-gateway': extension });

describe('readBody', () => {
  test('hands the media types to the authorizer and to the web ACL, in lower case and without parameters', () => {
    const { policy, edge } = compiled(withContent({ 'Application/JSON; charset=utf-8': { schema: ORDER } }));

    expect(policy.operations['POST /orders']?.mediaTypes).toEqual(['application/json']);
    expect(edge.mediaTypes).toEqual(['application/json']);
  });

  test('lets the authorizer know which operations take no body', () => {
    expect(compiled(minimalDocument()).policy.operations['GET /orders']).not.toHaveProperty('mediaTypes');
    expect(compiled(minimalDocument()).edge).toMatchObject({ mediaTypes: [], bodies: [] });
  });

  test.each([
    'application/xml',
    'multipart/form-data',
    'text/plain',
    'application/octet-stream',
    'application/json-seq',
  ])('fails with %s, unless the operation says why that may be', (mediaType) => {
    expect(codesOf(withContent({ [mediaType]: {} }))).toEqual(['BODY_NOT_INSPECTED']);
    expect(codesOf(withContent({ ...json, [mediaType]: {} }))).toEqual(['BODY_NOT_INSPECTED']);
    expect(findingsOf(withContent({ [mediaType]: {} }, { uninspected: 'an upload' }))).toContain(
      'UNINSPECTED_BODY',
    );
  });

  test('validates JSON even where another type of the same operation is not inspected', () => {
    const { body } = compiled(withContent({ ...json, 'text/csv': {} }, { uninspected: 'a table' }));

    expect(body.paths['/orders']?.['post']).toMatchObject({
      requestBody: { content: { 'application/json': { schema: { $ref: expect.any(String) } } } },
      'x-amazon-apigateway-request-validator': 'body',
    });
    expect(body.paths['/orders']?.['post']).not.toHaveProperty('requestBody.content.text/csv');
  });

  test.each(['*/*', 'application/*', 'json', 'application/json, text/plain', ''])(
    'fails with %j as a media type',
    (range) => {
      expect(codesOf(withContent({ [range]: {} }, { uninspected: 'x' }))).toContain('MEDIA_TYPE');
    },
  );

  test('fails with a body of no media type', () => {
    expect(codesOf(withContent({}))).toEqual(['MEDIA_TYPE']);
  });

  test('treats every JSON suffix as JSON', () => {
    const { body } = compiled(withContent({ 'application/merge-patch+json': { schema: ORDER } }));

    expect(body.paths['/orders']?.['post']).toHaveProperty(
      'requestBody.content.application/merge-patch+json',
    );
  });

  test('finds a JSON body that nothing describes', () => {
    expect(findingsOf(withContent({ 'application/json': {} }))).toContain('BODY_WITHOUT_SCHEMA');
  });

  test.each(['get', 'head'])('leaves a body of %s out and says so', (method) => {
    const described = minimalDocument({
      paths: { '/orders': { [method]: { requestBody: { content: json } } } },
    });

    expect(findingsOf(described)).toContain('BODY_IGNORED');
    expect(compiled(described).body.paths['/orders']?.[method]).not.toHaveProperty('requestBody');
  });

  test('finds that API Gateway demands a body the document calls optional', () => {
    const demanding = { 'application/json': { schema: { ...ORDER, required: ['note'] } } };

    expect(findingsOf(document({ requestBody: { content: demanding } }))).toContain('BODY_DEMANDED');
    expect(findingsOf(document({ requestBody: { content: json } }))).not.toContain('BODY_DEMANDED');
    expect(findingsOf(document({ requestBody: { content: demanding, required: true } }))).not.toContain(
      'BODY_DEMANDED',
    );
  });
});

describe('sizes', () => {
  const sizes = (extension: object) => compiled(withContent(json, extension)).edge;

  test.each<[object, string]>([
    [{}, '64'],
    [{ maxBody: '64KB' }, '64'],
    [{ maxBody: '33KB' }, '64'],
    [{ maxBody: '32KB' }, '32'],
    [{ maxBody: '16385B' }, '32'],
    [{ maxBody: '16384B' }, '16'],
    [{ maxBody: '1KB' }, '16'],
  ])('puts %j into the class of %s KB', (extension, sizeClass) => {
    expect(sizes(extension).sizeClasses).toMatchObject({
      [sizeClass]: [{ method: 'POST', path: '/orders' }],
    });
    expect(Object.values(sizes(extension).sizeClasses).flat()).toHaveLength(1);
    expect(sizes(extension).uninspected).toEqual([]);
  });

  test('fail beyond 64 KB, unless the operation says why that may be', () => {
    expect(codesOf(withContent(json, { maxBody: '65KB' }))).toEqual(['BODY_TOO_LARGE']);
    expect(sizes({ maxBody: '5MB', uninspected: 'pictures' })).toMatchObject({
      uninspected: [{ method: 'POST', path: '/orders', reason: 'pictures' }],
      sizeClasses: { 16: [], 32: [], 64: [] },
    });
  });

  test('are held for what is not inspected too', () => {
    expect(sizes({ uninspected: 'pictures' })).toMatchObject({ uninspected: [], sizeClasses: { 64: [{}] } });
  });

  test('may hold credentials where the operation says why, which is found', () => {
    const taking = withContent(json, { credentialsInBody: 'exchanges tokens' });

    expect(compiled(taking).edge.credentialBodies).toEqual([{ method: 'POST', path: '/orders' }]);
    expect(findingsOf(taking)).toContain('CREDENTIALS_IN_BODY');
    expect(sizes({}).credentialBodies).toEqual([]);
    expect(findingsOf(withContent(json, {}))).not.toContain('CREDENTIALS_IN_BODY');
    // of one that has none, the web ACL need not know
    const without = document({ 'x-gateway': { credentialsInBody: 'exchanges tokens' } });
    expect(compiled(without).edge.credentialBodies).toEqual([]);
    expect(findingsOf(without)).not.toContain('CREDENTIALS_IN_BODY');
  });

  test('are found when they lie between two classes, or beyond all of them', () => {
    expect(findingsOf(withContent(json, { maxBody: '20KB' }))).toContain('NOT_ENFORCED');
    expect(findingsOf(withContent(json, { maxBody: '32KB' }))).not.toContain('NOT_ENFORCED');
    expect(findingsOf(withContent(json, { maxBody: '5MB', uninspected: 'pictures' }))).toContain(
      'NOT_ENFORCED',
    );
    expect(findingsOf(withContent(json, { maxBody: '10MB', uninspected: 'pictures' }))).not.toContain(
      'NOT_ENFORCED',
    );
  });
});

describe('contract: observe', () => {
  const observed = document(
    {
      parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 9 } }],
      requestBody: { content: json },
    },
    { 'x-gateway': { contract: 'observe' } },
  );

  test('turns validators off and closes nothing', () => {
    const { body, findings } = compiled(observed);

    expect(body.paths['/orders']?.['post']).not.toHaveProperty('requestBody');
    expect(body.paths['/orders']?.['post']).not.toHaveProperty('x-amazon-apigateway-request-validator');
    expect(findings.map(({ code }) => code)).not.toContain('CLOSED');
  });

  test('still tells the authorizer what the contract is, to count what breaks it', () => {
    expect(compiled(observed).policy.operations['POST /orders']).toMatchObject({
      contract: 'observe',
      mediaTypes: ['application/json'],
      parameters: [{ name: 'limit' }],
    });
  });

  test('lets the web ACL refuse no body, where one is declared or not', () => {
    expect(compiled(minimalDocument({ 'x-gateway': { contract: 'observe' } })).edge).toMatchObject({
      mediaTypes: ['*/*'],
      bodies: [{ method: 'GET', path: '/orders' }],
      credentialBodies: [{ method: 'GET', path: '/orders' }],
    });
    expect(compiled(observed).edge).toMatchObject({
      mediaTypes: ['*/*'],
      bodies: [{ method: 'POST', path: '/orders' }],
      sizeClasses: { 16: [], 32: [], 64: [] },
      uninspected: [{ method: 'POST', path: '/orders' }],
      credentialBodies: [{ method: 'POST', path: '/orders' }],
    });
  });

  test('keeps every demand on the caller', () => {
    expect(compiled(observed).policy.operations['POST /orders']?.security).toEqual([
      { jwt: ['orders:read'] },
    ]);
    expect(compiled(observed).body.paths['/orders']?.['post']).toMatchObject({
      security: [{ authorizer: [] }, { plan: [] }],
    });
  });

  test('is found once, however many operations inherit it', () => {
    const two = minimalDocument({
      'x-gateway': { contract: 'observe' },
      paths: { '/a': { get: {} }, '/b': { get: {} } },
    });

    expect(findingsOf(two).filter((code) => code === 'CONTRACT_OBSERVED')).toHaveLength(1);
  });
});

describe('models', () => {
  test('stand under the media type, and under $default only where that is switched on', () => {
    const content = (emitUnproven: boolean) =>
      compiled(withContent(json), { emitUnproven }).body.paths['/orders']?.['post'];

    expect(content(false)).not.toHaveProperty('requestBody.content.$default');
    expect(content(true)).toHaveProperty('requestBody.content.$default.schema.$ref');
  });

  test('are not made of schemas no request body uses', () => {
    const schemas = { Used: ORDER, Unused: { type: 'object', properties: { other: { type: 'string' } } } };
    const components = { schemas, securitySchemes: { jwt: { type: 'http', scheme: 'bearer' } } };
    const used = document(
      { requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Used' } } } } },
      { components },
    );

    expect(Object.keys(compiled(used).body.components.schemas ?? {})).toHaveLength(1);
  });
});

describe('failOn', () => {
  test('turns findings of its severity and higher ones into problems', () => {
    const finding = minimalDocument({ security: [{ jwt: [] }] });
    const failOn = (severity: string) => codesOf(finding, { failOn: severity as FindingSeverity });

    expect(failOn('warning')).toEqual(['NO_SCOPE']);
    expect(failOn('info')).toEqual(['NO_SCOPE']);
    expect(failOn('error')).toEqual([]);
  });
});
