import { Agent } from 'node:https';
import { withinASecond } from '../../shared/within-a-second';
import { answerJson } from '../https-server';
import { HOUR, KEY, setOf, startedIssuer } from './issuer';
import { FAULTS, status } from './issuer-faults';

const issuer = startedIssuer();
const { underTest } = issuer;

describe('keys of an issuer', () => {
  test.each(FAULTS)(
    'fail, within a second and without admitting anyone, where the endpoint %s',
    async (_, fault) => {
      issuer.server.behave = fault;
      const { verify } = underTest();

      await withinASecond(expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' }));
    },
  );

  test.each(FAULTS)(
    'serve on for a day after the last good fetch where the endpoint %s',
    async (_, fault) => {
      const { clock, verify } = underTest();
      await verify(KEY);
      issuer.server.behave = fault;

      clock.millis += 23 * HOUR;
      await withinASecond(expect(verify(KEY)).resolves.toMatchObject({ userId: 'alice' }));
      clock.millis += HOUR;
      await withinASecond(expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' }));
    },
  );

  test('are asked for again after a second where there are none, not before', async () => {
    const { clock, verify } = underTest();
    issuer.server.behave = status(500);
    await expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' });
    issuer.server.behave = answerJson(setOf(KEY));

    clock.millis += 999;
    await expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' });
    expect(issuer.server.requests).toHaveLength(1);
    clock.millis += 1;
    await expect(verify(KEY)).resolves.toMatchObject({ userId: 'alice' });
    expect(issuer.server.requests).toHaveLength(2);
  });

  test('older than a day serve nobody between two attempts to fetch others, either', async () => {
    const { clock, verify } = underTest();
    await verify(KEY);
    issuer.server.behave = status(500);
    clock.millis += 24 * HOUR;

    for (let request = 0; request < 3; request += 1) {
      await expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' });
    }
    expect(issuer.server.requests).toHaveLength(2);
  });

  test('that take longer than a request can wait serve the next one', async () => {
    let respond = () => {};
    const asked = new Promise<void>((resolve) => {
      issuer.server.behave = (request, response) => {
        respond = () => answerJson(setOf(KEY))(request, response);
        resolve();
      };
    });
    const { verify, failures } = underTest();

    await withinASecond(expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' }));
    await asked;
    respond();
    await expect(verify(KEY)).resolves.toMatchObject({ userId: 'alice' });
    expect(issuer.server.requests).toHaveLength(1);
    expect(failures).toEqual([]);
  });

  test('are not taken from a server that nobody vouches for', async () => {
    const { verify, failures } = underTest({ agent: new Agent() });

    await expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' });
    expect(failures[0]).toMatch(/certificate/);
    expect(issuer.server.requests).toEqual([]);
  });

  test('are not asked for over http', async () => {
    const { verify } = underTest({ configuration: { jwksUri: issuer.server.url.replace('https', 'http') } });

    await expect(verify(KEY)).rejects.toMatchObject({ name: 'KeysUnavailable' });
    expect(issuer.server.requests).toEqual([]);
  });
});
