import { readRequest } from '../../../lambda/authorizer/authorizer-request';
import type { AuthorizerEvent } from '../../../lambda/authorizer/handler';
import { authorizerEvent } from './event';

const eventOf = (changes: object) => ({ ...authorizerEvent(), ...changes }) as AuthorizerEvent;

describe("an authorizer's event", () => {
  test('is read by all values of a name, not the last', () => {
    const event = authorizerEvent({ headers: { 'X-A': ['1', '2'] }, query: { q: ['1', '2'] } });

    expect(readRequest(event)).toMatchObject({ headers: { 'x-a': ['1', '2'] }, query: { q: ['1', '2'] } });
  });

  test('is read by single values where it has no others', () => {
    const event = eventOf({
      multiValueHeaders: null,
      multiValueQueryStringParameters: null,
      headers: { 'X-A': '1', 'X-B': undefined },
      queryStringParameters: { q: '1' },
    });

    expect({ ...readRequest(event).headers }).toEqual({ 'x-a': ['1'], 'x-b': [] });
    expect(readRequest(event).query).toEqual({ q: ['1'] });
  });

  test('may have neither headers nor parameters', () => {
    const event = eventOf({
      multiValueHeaders: null,
      headers: null,
      multiValueQueryStringParameters: null,
      queryStringParameters: null,
      pathParameters: null,
    });

    expect(readRequest(event)).toMatchObject({ pathParameters: {}, query: {} });
    expect(Object.keys(readRequest(event).headers)).toEqual([]);
  });

  test('is known by the id of the access log, and by none rather than by one that a caller may choose', () => {
    const { requestContext } = authorizerEvent();
    const without = eventOf({ requestContext: { ...requestContext, extendedRequestId: undefined } });

    expect(readRequest(authorizerEvent()).requestId).toBe('extended-1');
    expect(readRequest(without).requestId).toBe('-');
  });

  test('joins the values of a name in several casings', () => {
    const event = authorizerEvent({ headers: { 'X-Key': ['1', '2'], 'x-key': '3', 'X-KEY': '4' } });

    expect(readRequest(event).headers['x-key']).toEqual(['1', '2', '3', '4']);
  });

  test('has no header that it was not sent', () => {
    expect(readRequest(authorizerEvent()).headers['constructor']).toBeUndefined();
    expect(
      readRequest(authorizerEvent({ headers: { __proto__x: '1' } })).headers['toString'],
    ).toBeUndefined();
  });

  test('has a header named as a property of objects as any other', () => {
    const event = eventOf({ multiValueHeaders: JSON.parse('{ "__proto__": ["1"], "Constructor": ["2"] }') });

    const { headers } = readRequest(event);
    expect(Object.entries(headers)).toEqual([
      ['__proto__', ['1']],
      ['constructor', ['2']],
    ]);
  });

  test('names its operation as the policy does, whichever field says it', () => {
    const { requestContext } = authorizerEvent({ method: 'PUT', resource: '/a/{b}' });
    const without = { ...requestContext, httpMethod: undefined, resourcePath: undefined };
    const event = eventOf({ requestContext: without, httpMethod: 'PUT', resource: '/a/{b}' });

    expect(readRequest(event).operation).toBe('PUT /a/{b}');
    expect(readRequest(eventOf({ requestContext })).operation).toBe('PUT /a/{b}');
  });
});
