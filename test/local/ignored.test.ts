import { run } from './running';
import { proxied } from './template';

describe('what a template says and a local gateway does not do', () => {
  test('security at the root of a body protects nothing here', async () => {
    const running = await run({
      operations: { 'GET /open': proxied('/open', { security: undefined }) },
      body: { security: [{ authorizer: [] }] },
    });

    expect((await running.send('GET /open', { play: { effect: 'Deny' } })).status).toBe(200);
    expect(running.gateway.ignored).toContainEqual(
      expect.stringContaining('security at the root of the body'),
    );
    await running.close();
  });

  test('is named: resource policies, and the default endpoint that is off', async () => {
    const running = await run();
    expect(running.gateway.ignored).toEqual([]);
    await running.close();

    const closed = await run({
      apiProperties: { Policy: {}, DisableExecuteApiEndpoint: true, MinimumCompressionSize: 0 },
      stage: { CacheClusterEnabled: true, CanarySetting: { PercentTraffic: 5 } },
    });
    expect(closed.gateway.ignored).toEqual([
      'the cache of the stage: every request is served anew',
      'the canary of the stage',
      'the resource policy of the REST API',
      'that the default endpoint is off: this address stands for the domain',
      'compression of responses',
    ]);
    await closed.close();
  });
});
