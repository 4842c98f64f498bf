import { GOOD, KEY, only } from './customer';
import { authorizer, bearer, jwtVerifier, operation, PLAN_KEYS } from './under-test';

describe('contract', () => {
  const required = { name: 'page', in: 'query', required: true, value: {} } as const;

  test('answers a broken one through the plan key that does not exist', async () => {
    const { call, lines } = only({ parameters: [required] });

    const decision = await call(bearer(GOOD));

    expect(decision.usageIdentifierKey).toBe(PLAN_KEYS.contractRefusal);
    expect(decision.context).toMatchObject({ code: 'CONTRACT_VIOLATION', userId: 'alice' });
    expect(decision.context.detail).toContain('query page');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      status: 400,
      reason: 'MISSING_PARAMETER',
      detail: 'query page',
      ContractRefused: 1,
    });
  });

  test.each([
    ['a path parameter that breaks its schema', { path: { id: 'x' } }],
    ['a path parameter that cannot be read', { path: { id: '11', nr: 'x' } }],
    ['a query parameter that cannot be read', { path: { id: '1' }, query: { size: ['x'] } }],
  ])('lets %s pass under observation', async (_, request) => {
    const { call, lines } = only({
      contract: 'observe',
      parameters: [
        { name: 'id', in: 'path', required: true, reading: { scalar: ['string'] }, value: { minLength: 2 } },
        { name: 'size', in: 'query', reading: { scalar: ['number'] }, value: { type: ['integer'] } },
        { name: 'nr', in: 'path', reading: { scalar: ['number'] }, value: { type: ['integer'] } },
      ],
    });

    expect((await call({ ...bearer(GOOD), ...request })).usageIdentifierKey).toBe(PLAN_KEYS.authenticated);
    expect(lines[0]).toContain('_PARAMETER');
  });

  test('answers 403 where the plan key of refusals is empty', async () => {
    const { call } = authorizer(
      { customer: jwtVerifier([KEY]) },
      { 'GET /orders': operation({ parameters: [required] }) },
      undefined,
      { ...PLAN_KEYS, contractRefusal: '' },
    );

    const decision = await call(bearer(GOOD));

    expect(decision.policyDocument.Statement[0]?.Effect).toBe('Deny');
    expect(decision).not.toHaveProperty('usageIdentifierKey');
  });

  test('lets a broken one pass under observation, and counts it', async () => {
    const { call, lines } = only({ parameters: [required], contract: 'observe' });

    expect((await call(bearer(GOOD))).usageIdentifierKey).toBe(PLAN_KEYS.authenticated);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: 'observed', ContractObserved: 1 });
  });

  test('knows no query parameter where none is declared', async () => {
    const decision = await only().call({ ...bearer(GOOD), query: { debug: ['1'] } });

    expect(decision.usageIdentifierKey).toBe(PLAN_KEYS.contractRefusal);
  });

  test('takes no unsafe path segment where none is declared', async () => {
    const decision = await only().call({ ...bearer(GOOD), path: { id: '..%2fadmin' } });

    expect(decision.usageIdentifierKey).toBe(PLAN_KEYS.contractRefusal);
  });

  test('takes no unsafe path segment under observation either: the backend would see another path', async () => {
    const { call } = only({ contract: 'observe', mediaTypes: ['application/json'] });

    const decision = await call({ ...bearer(GOOD), path: { id: '..%2fadmin' } });

    expect(decision.usageIdentifierKey).toBe(PLAN_KEYS.contractRefusal);
    expect(decision.context.detail).toContain('path id');
  });

  test.each([
    ['export', false],
    ['%65xport', false],
    ['%2565xport', false],
    ['export;v=1', false],
    ['EXPORT', false],
    ['export.json', false],
    ['export%2Ejson', false],
    ['export%20', false],
    ['V1.0.json', false],
    ['exports', true],
    ['%65xports', true],
    ['exports.json', true],
    ['v1.1', true],
  ])('takes no path value that the backend may read as another path: %s', async (id, accepted) => {
    const { call } = only({ contract: 'observe', fixedTexts: { id: ['export', 'v1.0'] } });

    const decision = await call({ ...bearer(GOOD), path: { id } });

    expect(decision.usageIdentifierKey === PLAN_KEYS.authenticated).toBe(accepted);
  });

  test('is held on public operations too', async () => {
    const decision = await only({ security: [], parameters: [required] }).call();

    expect(decision.usageIdentifierKey).toBe(PLAN_KEYS.contractRefusal);
  });

  test('is not judged before the caller is known', async () => {
    await expect(only({ parameters: [required] }).call()).rejects.toThrow('Unauthorized');
  });

  test.each([
    ['the declared type', ['application/json'], 'application/json; charset=utf-8', true],
    [
      'the declared type in quoted UTF-8',
      ['application/json'],
      'application/json; charset="UTF8"; a=b',
      true,
    ],
    ['JSON in another charset', ['application/json'], 'application/json;charset=utf-7', false],
    ['JSON in two charsets', ['application/json'], 'application/json;charset=utf-8; Charset = utf-7', false],
    ['JSON in a longer charset', ['application/x+json'], 'application/x+json;charset="utf-8x"', false],
    ['text in another charset', ['text/csv'], 'text/csv;charset=latin1', true],
    ['the declared type in another spelling', ['application/json'], 'Application/JSON', false],
    ['the declared type and a blank', ['application/json'], 'application/json ;charset=utf-8', false],
    ['another type', ['application/json'], 'text/plain', false],
    ['no type where JSON is declared', ['application/json'], undefined, true],
    ['no type where JSON is not declared', ['text/csv'], undefined, false],
    ['a type within a range', ['image/*'], 'image/png', true],
    ['a type beside a range', ['image/*'], 'imagex/png', false],
    ['no type at all', ['*/*'], '', false],
    ['two types', ['application/json'], ['application/json', 'text/plain'], false],
    ['two declared types', ['application/json', 'text/plain'], ['application/json', 'text/plain'], false],
    ['one type of several', ['text/csv', 'application/json'], 'application/json', true],
    [
      'a good charset and a bad one',
      ['application/json'],
      ['application/json', 'application/json;charset=utf-7'],
      false,
    ],
    ['any type', ['*/*'], 'text/plain', true],
    ['a type that only begins like a declared one', ['image/png'], 'image/pngx', false],
    ['any type where no body is declared', undefined, 'text/plain', true],
  ])('takes a body of %s: %s, %s', async (_, mediaTypes, type, accepted) => {
    const headers = {
      Authorization: `Bearer ${GOOD}`,
      ...(type === undefined ? {} : { 'content-type': type }),
    };

    const decision = await only({ mediaTypes }).call({ headers });

    expect(decision.usageIdentifierKey === PLAN_KEYS.authenticated).toBe(accepted);
  });
});
