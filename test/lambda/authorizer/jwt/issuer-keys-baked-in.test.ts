import { IssuerKeys } from '../../../../lambda/authorizer/jwt/issuer-keys';
import { KeySet } from '../../../../lambda/authorizer/jwt/key-set';
import { withinASecond } from '../../shared/within-a-second';
import { answerJson } from '../https-server';
import { jwtConfiguration, NOW } from '../under-test';
import { HOUR, KEY, setOf, startedIssuer } from './issuer';
import { FAULTS, status } from './issuer-faults';

const issuer = startedIssuer();
const { underTest } = issuer;

// slow ones that end like another
const FAULTS_AGAIN = FAULTS.filter(([name]) => name !== 'drips' && name !== 'never stops');

describe('keys baked in', () => {
  test('serve at once, and are refreshed in the background', async () => {
    const asked = new Promise((resolve) => {
      issuer.server.behave = (_, response) => {
        resolve(undefined);
        answerJson(setOf(KEY))(_, response);
      };
    });
    const { verify } = underTest({ snapshot: { ...setOf(KEY), fetchedAt: (NOW - 60) * 1000 } });

    await expect(verify(KEY)).resolves.toBeDefined();
    await asked;
  });

  test.each(FAULTS_AGAIN)('serve for a day, not longer, where the endpoint %s', async (_, fault) => {
    issuer.server.behave = fault;
    const { clock, verify } = underTest({ snapshot: { ...setOf(KEY), fetchedAt: NOW * 1000 } });

    await withinASecond(verify(KEY));
    clock.millis += 24 * HOUR;
    await withinASecond(expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' }));
  });

  test('wait for no fetch, and are fetched once as long as that takes', async () => {
    let asked = 0;
    let millis = NOW * 1000;
    const keys = new IssuerKeys(
      jwtConfiguration(),
      {
        fetchKeys: () => {
          asked += 1;
          return new Promise(() => {});
        },
        now: () => millis,
      },
      { ...setOf(KEY), fetchedAt: millis - 60_000 },
    );

    for (let second = 0; second < 5; second += 1) {
      expect(keys.find('one', 'ES256')).toBeInstanceOf(KeySet);
      await new Promise(setImmediate);
      millis += 1_000;
    }
    expect(asked).toBe(1);
  });

  test('prove no token that was proven with them after that day, either', async () => {
    issuer.server.behave = status(500);
    const { clock, textOf, verifyText } = underTest({ snapshot: { ...setOf(KEY), fetchedAt: NOW * 1000 } });
    const text = textOf(KEY);
    await verifyText(text);

    clock.millis += 24 * HOUR;
    await expect(verifyText(text)).rejects.toMatchObject({ name: 'KeysUnavailable' });
  });

  test('in the future are no younger than now', async () => {
    issuer.server.behave = status(500);
    const { clock, verify } = underTest({ snapshot: { ...setOf(KEY), fetchedAt: (NOW + 1_000_000) * 1000 } });

    clock.millis += 24 * HOUR;
    await expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' });
  });
});
