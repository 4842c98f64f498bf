import { gatewayMatchers } from '../../lib/jest';
import { type Running, run } from '../local/running';

expect.extend(gatewayMatchers);

describe('the matchers of a local gateway', () => {
  let running: Running;

  beforeAll(async () => {
    running = await run();
  });
  afterAll(() => running.close());

  const get = (path: string, play = {}) =>
    fetch(running.gateway.url + path, { headers: { Play: JSON.stringify(play) } });

  test('tell which stage refused a response', async () => {
    const response = await get('orders', { fail: 'Unauthorized' });

    expect(response).toBeRefusedBy('authentication');
    expect(response).not.toBeRefusedBy('authorization');
    expect(response).not.toReachBackend();
  });

  test('tell that a request reached its service, whatever that answered', async () => {
    const response = await fetch(`${running.gateway.url}orders`, { headers: { Respond: '{"status":404}' } });

    expect(response.status).toBe(404);
    expect(response).toReachBackend();
  });

  test('take a record as well', async () => {
    await get('nowhere');

    expect(running.gateway.requests().at(-1)).toBeRefusedBy('routing');
  });

  test('show the way of the request when they fail', async () => {
    const response = await get('nowhere');

    expect(() => expect(response).toReachBackend()).toThrow(
      /it came to 403:\n.*\n.*\n {2}routing +refused \(no such path and method\)/,
    );
  });

  test('fail for a response of something else, negated too', () => {
    const other = { headers: new Headers() };

    expect(() => expect(other).toReachBackend()).toThrow('no response of a local gateway');
    expect(() => expect(other).not.toReachBackend()).toThrow('no response of a local gateway');
  });
});
