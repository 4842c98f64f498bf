import { once } from 'node:events';
import { awsCaller } from '../../../lambda/shared/aws-call';
import { DYNAMODB } from '../../../lambda/shared/dynamodb';
import { answer, type Behaviour, environment, refuse, startService, type TestService } from './service';

const SECRETS = {
  ...DYNAMODB,
  name: 'secretsmanager',
  variable: 'SECRETS_MANAGER',
  target: 'secretsmanager',
};

const MODULES = ['node:http', 'node:https'] as const;

let service: TestService;
// one list: a module that is loaded once keeps the one it was given
const asked: unknown[] = [];

beforeEach(async () => {
  service = await startService(answer({ done: true }));
});

afterEach(async () => {
  jest.restoreAllMocks();
  for (const name of MODULES) jest.dontMock(name);
  await service.close();
});

/** A copy of the module that has signed nothing yet. */
function afresh(): typeof awsCaller {
  let fresh = awsCaller;
  jest.isolateModules(() => {
    fresh = require('../../../lambda/shared/aws-call').awsCaller;
  });
  return fresh;
}

describe('a call to AWS', () => {
  test('is signed with the key of its service, day and secret, whatever was signed before', async () => {
    const toISOString = jest.spyOn(Date.prototype, 'toISOString');
    const signature = async (
      caller: typeof awsCaller,
      target: typeof DYNAMODB | typeof SECRETS,
      secret: string,
    ) => {
      await caller(target, { ...environment(service.endpoint), AWS_SECRET_ACCESS_KEY: secret })('Get', {});
      return service.calls.at(-1)?.headers.authorization;
    };
    const seen = new Set<string | undefined>();
    for (const day of ['2026-01-01', '2026-01-02']) {
      toISOString.mockReturnValue(`${day}T00:00:00.000Z`);
      for (const secret of ['one', 'another']) {
        for (const target of [DYNAMODB, SECRETS, DYNAMODB]) {
          const signed = await signature(awsCaller, target, secret);
          expect(signed).toBe(await signature(afresh(), target, secret));
          seen.add(signed);
        }
      }
    }
    expect(seen.size).toBe(8);
    for (const { headers } of service.calls) {
      expect(headers).toHaveProperty('x-amz-security-token', 'a/session+token=');
    }
  });

  test('fails where the answer is longer than a megabyte', async () => {
    service.behave = answer({ text: 'a'.repeat(1024 * 1024) });

    await expect(awsCaller(DYNAMODB, environment(service.endpoint))('Get', {})).rejects.toThrow('too long');
  });

  test('fails for that on a connection that was kept, and goes on by another', async () => {
    const call = awsCaller(DYNAMODB, environment(service.endpoint));
    const ports: (number | undefined)[] = [];
    const behave = (behaviour: Behaviour) => {
      service.behave = (response, ...more) => {
        ports.push(response.socket?.remotePort);
        behaviour(response, ...more);
      };
    };
    behave(answer({ done: 1 }));
    await call('Get', {});
    let isGivenUp: Promise<unknown> | undefined;
    behave((response) => {
      isGivenUp = once(response, 'close');
      // it never ends
      response.writeHead(200).write('a'.repeat(1024 * 1024 + 1));
    });
    await expect(call('Get', {})).rejects.toThrow('answer is too long');
    await isGivenUp;
    behave(answer({ done: 2 }));

    expect(await call('Get', {})).toEqual({ done: 2 });
    expect(ports[1]).toBe(ports[0]);
    expect(ports[2]).not.toBe(ports[0]);
  });

  test('fails where the answer breaks off', async () => {
    service.behave = (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{');
      response.socket?.destroySoon();
    };

    await expect(awsCaller(DYNAMODB, environment(service.endpoint))('Get', {})).rejects.toThrow();
  });

  test('takes no answer but 200 for one, and says its type without its namespace', async () => {
    const call = awsCaller(DYNAMODB, environment(service.endpoint));
    service.behave = refuse('ThrottlingException');
    await expect(call('Get', {})).rejects.toMatchObject({ type: 'ThrottlingException' });
    service.behave = answer({ done: true }, 202);
    await expect(call('Get', {})).rejects.toMatchObject({ type: 'status 202' });
    service.behave = (response) => response.writeHead(503).end();
    await expect(call('Get', {})).rejects.toMatchObject({ type: 'status 503' });

    // a proxy refuses in its own language
    service.behave = (response) => response.writeHead(502).end('<html>hunter2');
    await expect(call('Get', {})).rejects.toMatchObject({ type: 'status 502', message: 'status 502' });
  });

  test('ends when its signal says so, with its reason, and listens no longer than it lasts', async () => {
    const call = awsCaller(DYNAMODB, environment(service.endpoint));
    const reason = new Error('out of patience');
    const before = AbortSignal.abort(reason);
    await expect(call('Get', {}, before)).rejects.toBe(reason);

    const during = new AbortController();
    service.behave = () => during.abort(reason);
    await expect(call('Get', {}, during.signal)).rejects.toBe(reason);

    service.behave = answer({ done: true });
    const after = new AbortController();
    const added = jest.spyOn(after.signal, 'addEventListener');
    const removed = jest.spyOn(after.signal, 'removeEventListener');
    await call('Get', {}, after.signal);
    expect(removed.mock.calls).toEqual(added.mock.calls);
    expect(added).toHaveBeenCalledTimes(1);
  });

  test.each([
    [{ AWS_REGION: 'eu-west-1' }, 'dynamodb.eu-west-1.amazonaws.com'],
    [{ AWS_REGION: 'cn-north-1' }, 'dynamodb.cn-north-1.amazonaws.com.cn'],
    [{ AWS_REGION: 'us-gov-west-1' }, 'dynamodb.us-gov-west-1.amazonaws.com'],
    [{ AWS_ENDPOINT_URL_DYNAMODB: 'http://[::1]:8000' }, '::1'],
  ])('goes, in %j, to %s', async (variables, host) => {
    asked.length = 0;
    const module = () => ({
      Agent: class {},
      request: ({ hostname }: { hostname: string }) => {
        asked.push(hostname);
        throw new Error('nobody is called');
      },
    });
    for (const name of MODULES) jest.doMock(name, module);

    await expect(afresh()(DYNAMODB, variables)('Get', {})).rejects.toThrow('nobody is called');
    expect(asked).toEqual([host]);
  });
});
