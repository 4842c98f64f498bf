import { App, Aws, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { BodyToken } from '../lib/gateway-body-token';

describe('a body token', () => {
  const stack = new Stack(new App(), 'Stack');

  const bodies: readonly [string, unknown][] = [
    ['no token', { openapi: '3.0.1', paths: { '/a': [1, true, null] }, title: 'é' }],
    ['a token', { uri: Aws.REGION }],
    ['a token within a string', { uri: `https://${Aws.REGION}.example.com/$&` }],
    ['the same token twice', { a: Aws.REGION, b: { c: Aws.REGION } }],
    ['an intrinsic function', { uri: Fn.join('-', [Aws.REGION, 'a']) }],
    ['an object that resolves late', { lazy: Lazy.any({ produce: () => ({ x: Aws.REGION }) }) }],
    ['more tokens than digits', { many: Array.from({ length: 12 }, (_, index) => `${index}${Aws.REGION}`) }],
  ];

  test.each(bodies)('resolves as the CDK would, with %s', (_what, body) => {
    expect(stack.resolve(new BodyToken(body))).toEqual(stack.resolve(body));
  });

  test.each(bodies)('has as many bytes as it says, with %s', (_what, body) => {
    const bytes = new BodyToken(body).bytes((value) => stack.resolve(value));

    expect(bytes).toBe(Buffer.byteLength(JSON.stringify(stack.resolve(body))));
  });

  test('makes a new body each time, since overrides are merged into it', () => {
    const token = new BodyToken({ paths: {} });

    expect(stack.resolve(token)).not.toBe(stack.resolve(token));
  });

  test('is abridged to the same for the same body, and only while it is asked for', () => {
    const abridged = (body: unknown) => {
      const token = new BodyToken(body);
      return JSON.stringify(token.abridged(() => stack.resolve(token)));
    };

    expect(abridged({ a: Aws.REGION })).toBe(abridged({ a: Aws.REGION }));
    expect(abridged({ a: Aws.REGION })).not.toBe(abridged({ b: Aws.REGION }));
    expect(abridged({ a: Aws.REGION })).not.toBe(abridged({ a: Aws.PARTITION }));
    expect(stack.resolve(new BodyToken({ a: 1 }))).toEqual({ a: 1 });
  });
});
