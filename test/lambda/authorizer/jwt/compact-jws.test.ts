import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parseCompactJws } from '../../../../lambda/authorizer/jwt/compact-jws';
import type { Unauthenticated } from '../../../../lambda/authorizer/refused';

const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenOf = (header: object, payload: object = { sub: 'alice' }) =>
  `${segment(header)}.${segment(payload)}.c2ln`;

function reasonOf(token: string): string | undefined {
  try {
    parseCompactJws(token);
    return undefined;
  } catch (error) {
    return (error as Unauthenticated).reason;
  }
}

describe('a token in compact form', () => {
  test.each([
    ['no dot', 'abcd', 'MALFORMED_TOKEN'],
    [
      'no dot, though its beginning is a header',
      `${segment({ alg: 'ES256', kid: 'abcd' })}A`,
      'MALFORMED_TOKEN',
    ],
    ['one dot', 'abcd.abcd', 'MALFORMED_TOKEN'],
    ['nothing but dots', '..', 'MALFORMED_TOKEN'],
    ['four segments', `${tokenOf({ alg: 'ES256' })}.abcd`, 'MALFORMED_TOKEN'],
    ['five segments, as an encrypted one', `${tokenOf({ alg: 'ES256' })}.abcd.abcd`, 'ENCRYPTED_TOKEN'],
    ['six segments', `${tokenOf({ alg: 'ES256' })}.abcd.abcd.abcd`, 'MALFORMED_TOKEN'],
    ['a dot before it', `.${tokenOf({ alg: 'ES256' })}`, 'MALFORMED_TOKEN'],
    ['a dot behind it', `${tokenOf({ alg: 'ES256' })}.`, 'MALFORMED_TOKEN'],
  ])('is refused with %s', (_, text, reason) => {
    expect(reasonOf(text)).toBe(reason);
  });

  test('is taken apart where the dots are', () => {
    const token = tokenOf({ alg: 'ES256', kid: 'one' }, { sub: 'bob' });

    const { header, claims, signingInput, signature } = parseCompactJws(token);
    expect({ header, claims, signingInput, signature: signature.toString() }).toEqual({
      header: { alg: 'ES256', kid: 'one' },
      claims: { sub: 'bob' },
      signingInput: token.slice(0, token.lastIndexOf('.')),
      signature: 'sig',
    });
  });
});

describe('the memory of headers', () => {
  test('has one that was read before, whatever the token says', () => {
    const first = parseCompactJws(tokenOf({ alg: 'ES256', kid: 'remembered' }, { iss: 'one' }));
    const second = parseCompactJws(tokenOf({ alg: 'ES256', kid: 'remembered' }, { iss: 'two' }));

    expect(second.header).toBe(first.header);
    expect([first.claims, second.claims]).toEqual([{ iss: 'one' }, { iss: 'two' }]);
  });

  test('does not keep the tokens that the headers came in', () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage: () => void = runInNewContext('gc');
    /** Bytes of the heap once as many headers as are remembered came in tokens with this much in them. */
    const heldBy = (length: number) => {
      for (let index = 0; index < 64; index += 1) {
        const token = tokenOf({ alg: 'ES256', kid: `held ${length} ${index}` }, { pad: 'x'.repeat(length) });
        // one flat text, as it comes out of an event
        parseCompactJws(Buffer.from(token).toString('latin1'));
      }
      collectGarbage();
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };

    const small = heldBy(1);
    const large = heldBy(6_000);
    // 64 tokens of 8 kB are half a megabyte
    expect(large - small).toBeLessThan(128 * 1024);
  });

  test('cannot be changed by who is handed one', () => {
    const { header } = parseCompactJws(tokenOf({ alg: 'ES256', kid: 'mine' }));

    expect(() => Object.assign(header, { alg: 'none' })).toThrow(TypeError);
    expect(parseCompactJws(tokenOf({ alg: 'ES256', kid: 'mine' })).header.alg).toBe('ES256');
  });

  test.each([
    ['an extension', { alg: 'ES256', crit: ['x'] }, 'UNSUPPORTED_HEADER'],
    ['an unencoded payload', { alg: 'ES256', b64: false }, 'UNSUPPORTED_HEADER'],
    ['encryption', { alg: 'ES256', enc: 'A256GCM' }, 'ENCRYPTED_TOKEN'],
    ['no algorithm', { kid: 'one' }, 'MALFORMED_TOKEN'],
    ['a kid that is no text', { alg: 'ES256', kid: 7 }, 'MALFORMED_TOKEN'],
  ])('knows nothing of a refused one: %s', (_, header, reason) => {
    expect([1, 2, 3].map(() => reasonOf(tokenOf(header)))).toEqual([reason, reason, reason]);
  });

  test('knows a header by its exact text: another spelling of the same bytes is refused still', () => {
    // 28 bytes, so that the last character has bits to spare
    const header = segment({ alg: 'ES256', kid: 'abcd' });
    const rest = tokenOf({}).slice(segment({}).length);
    expect(header.length % 4).not.toBe(0);
    parseCompactJws(header + rest);

    const last = String.fromCharCode(header.charCodeAt(header.length - 1) + 1);
    expect(reasonOf(header.slice(0, -1) + last + rest)).toBe('MALFORMED_TOKEN');
    expect(reasonOf(`${header}=${rest}`)).toBe('MALFORMED_TOKEN');
    expect(reasonOf(`${header} ${rest}`)).toBe('MALFORMED_TOKEN');
  });

  test('is bounded: a flood of other headers pushes one out', () => {
    const { header } = parseCompactJws(tokenOf({ alg: 'ES256', kid: 'pushed out' }));
    for (let index = 0; index < 64; index += 1) parseCompactJws(tokenOf({ alg: 'ES256', kid: `k${index}` }));

    const again = parseCompactJws(tokenOf({ alg: 'ES256', kid: 'pushed out' })).header;
    expect(again).not.toBe(header);
    expect(again).toEqual(header);
  });
});
