import { KeySet } from '../../../../lambda/authorizer/jwt/key-set';
import { signingKey } from '../tokens';

const RSA = signingKey('RS256', 'rsa');
const ONE = signingKey('ES256', 'one');
const TWO = signingKey('ES256', 'two');
const { kid: _, ...NAMELESS } = signingKey('ES256', 'nameless').jwk;

const without = ({ alg: _, ...jwk }: Readonly<Record<string, unknown>>) => jwk;
const coordinatesOf = (set: KeySet, kid: string | undefined, algorithm: string) =>
  set.candidates(kid, algorithm).map((key) => key.export({ format: 'jwk' }).x);

describe('the keys that a token may be signed with', () => {
  const set = new KeySet({ keys: [RSA.jwk, ONE.jwk, TWO.jwk] });

  test('are those of its own kid and algorithm, whatever was asked before', () => {
    for (let round = 0; round < 2; round += 1) {
      expect(coordinatesOf(set, 'one', 'ES256')).toEqual([ONE.jwk.x]);
      expect(coordinatesOf(set, 'two', 'ES256')).toEqual([TWO.jwk.x]);
      expect(coordinatesOf(set, 'two', 'ES384')).toEqual([]);
      expect(coordinatesOf(set, 'rsa', 'ES256')).toEqual([]);
      expect(set.candidates('rsa', 'RS256')).toHaveLength(1);
      expect(coordinatesOf(set, 'three', 'ES256')).toEqual([]);
      expect(coordinatesOf(set, undefined, 'ES256')).toEqual([ONE.jwk.x, TWO.jwk.x]);
      expect(set.candidates('one', 'none')).toEqual([]);
    }
  });

  test('are those of the set that is asked, though another has the same kid', () => {
    const mine = new KeySet({ keys: [{ ...ONE.jwk, kid: 'same' }] });
    const yours = new KeySet({ keys: [{ ...TWO.jwk, kid: 'same' }] });

    expect(coordinatesOf(mine, 'same', 'ES256')).toEqual([ONE.jwk.x]);
    expect(coordinatesOf(yours, 'same', 'ES256')).toEqual([TWO.jwk.x]);
  });

  test('may be nameless where none has its name', () => {
    const some = new KeySet({ keys: [ONE.jwk, NAMELESS] });

    expect(coordinatesOf(some, 'other', 'ES256')).toEqual([NAMELESS.x]);
    expect(coordinatesOf(some, 'one', 'ES256')).toEqual([ONE.jwk.x]);
  });

  test('are of one algorithm only, though an RSA key without alg could serve several', () => {
    const some = new KeySet({ keys: [without(RSA.jwk as Readonly<Record<string, unknown>>)] });

    expect(some.candidates('rsa', 'RS256')).toHaveLength(1);
    expect(some.candidates('rsa', 'PS256')).toHaveLength(1);
    expect(some.candidates('rsa', 'ES256')).toHaveLength(0);
  });
});
