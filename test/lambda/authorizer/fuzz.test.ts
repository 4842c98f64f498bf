import { Unauthenticated } from '../../../lambda/authorizer/refused';
import { verifyJws } from '../../../lambda/authorizer/verify-jws';
import { parseApiKey } from '../../../lib/protocol/api-key';
import { mutations } from './mutations';
import { apiKey } from './store/key-table';
import { signingKey, token } from './tokens';

const ROUNDS = 20_000;

describe('a mutated credential', () => {
  test.each(['ES256', 'RS256', 'EdDSA', 'PS256'])(
    'is never accepted, and crashes nothing: %s token',
    (alg) => {
      const keys = [signingKey(alg, 'one'), signingKey('ES256', 'two')];
      const good = token(keys[0]!, { iss: 'https://id.example.com/', sub: 'alice' }, { typ: 'at+jwt' });
      const jwks = { keys: keys.map(({ jwk }) => jwk) };
      const wrong: unknown[] = [];

      for (const text of mutations(good, ROUNDS / 4, 7)) {
        try {
          wrong.push(['accepted', verifyJws(text, jwks).header, text]);
        } catch (error) {
          if (!(error instanceof Unauthenticated)) wrong.push(error);
        }
      }

      expect(wrong).toEqual([]);
    },
  );

  test('is never accepted as an API key', () => {
    const { key } = apiKey('fuzz');
    const secret = parseApiKey(key)?.secret;

    // a checksum of 32 bits is no secret: what passes it must still name another key than this
    const accepted = [...mutations(key, ROUNDS, 11)].filter((text) => parseApiKey(text)?.secret === secret);

    expect(accepted).toEqual([]);
  });
});
