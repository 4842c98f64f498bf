import { type Running, run } from './running';
import { membership, PLAN_KEY, plan, proxied } from './template';

const key = (value: string, properties: object = {}) => ({
  Type: 'AWS::ApiGateway::ApiKey',
  Properties: { Value: value, Enabled: true, ...properties },
});

const FREE = 'plankeyoffree00000000000';
const EXHAUSTED = 'plankeyofexhausted000000';
const DISABLED = 'plankeyofdisabled0000000';
const ELSEWHERE = 'plankeyofelsewhere000000';

describe('usage plans', () => {
  let running: Running;
  let now = Date.parse('2026-11-22T23:59:00Z');

  beforeAll(async () => {
    running = await run(
      {
        operations: {
          'GET /slow': proxied('/slow'),
          'GET /health': proxied('/health', { security: [{ authorizer: [] }] }),
        },
        stage: {
          MethodSettings: [
            { HttpMethod: 'GET', ResourcePath: '/~1slow', ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 },
          ],
        },
        resources: {
          FreeKey: key(FREE),
          FreePlan: plan('free', {
            Throttle: { RateLimit: 1, BurstLimit: 2 },
            Quota: { Limit: 5, Period: 'DAY' },
          }),
          FreeMembership: membership('FreeKey', 'FreePlan'),
          ExhaustedKey: key(EXHAUSTED),
          ExhaustedPlan: plan('exhausted', { Throttle: { RateLimit: 0, BurstLimit: 0 } }),
          ExhaustedMembership: membership('ExhaustedKey', 'ExhaustedPlan'),
          DisabledKey: key(DISABLED, { Enabled: false }),
          DisabledMembership: membership('DisabledKey', 'AuthenticatedPlan'),
          ElsewhereKey: key(ELSEWHERE),
          ElsewherePlan: plan('elsewhere', { ApiStages: [{ ApiId: 'other', Stage: 'prod' }] }),
          ElsewhereMembership: membership('ElsewhereKey', 'ElsewherePlan'),
        },
      },
      { clock: () => now },
    );
  });
  afterAll(() => running.close());

  const lastRecord = () => running.gateway.requests().at(-1);
  const sendAs = async (value: string) =>
    (await running.send('GET /orders', { play: { key: value } })).status;

  test('are chosen by the key that the authorizer returns', async () => {
    await running.send('GET /orders', { play: { key: PLAN_KEY }, headers: { 'x-api-key': EXHAUSTED } });

    expect(lastRecord()?.status).toBe(200);
    expect(lastRecord()?.stages.find(({ stage }) => stage === 'plan')?.rule).toBe('authenticated');
  });

  test.each([
    ['unknown', 'plankeyofnobody000000000'],
    ['disabled', DISABLED],
    ['in a plan of another stage', ELSEWHERE],
    ['the id of a key and not its value', 'xxxxxxxxxx'],
  ])('refuse a key that is %s with INVALID_API_KEY', async (_what, value) => {
    expect(await sendAs(value)).toBe(403);
    expect(lastRecord()).toMatchObject({ refusedBy: 'plan', responseType: 'INVALID_API_KEY' });
  });

  test('count an unknown key as a broken contract where the authorizer says so', async () => {
    await running.send('GET /orders', { play: { key: 'never', context: { code: 'CONTRACT_VIOLATION' } } });

    expect(lastRecord()).toMatchObject({ refusedBy: 'parameters', responseType: 'INVALID_API_KEY' });
  });

  test('let nothing through at rate 0 and burst 0', async () => {
    expect(await sendAs(EXHAUSTED)).toBe(429);
    expect(lastRecord()).toMatchObject({ refusedBy: 'limit', responseType: 'THROTTLED' });
  });

  test('let a burst through, then refuse, and refill with time', async () => {
    expect([await sendAs(FREE), await sendAs(FREE), await sendAs(FREE)]).toEqual([200, 200, 429]);
    expect(lastRecord()).toMatchObject({ refusedBy: 'plan', responseType: 'THROTTLED' });

    now += 1_000;
    expect([await sendAs(FREE), await sendAs(FREE)]).toEqual([200, 429]);
  });

  test('hold a key to its quota until the next calendar day in UTC', async () => {
    now += 10_000;
    expect([await sendAs(FREE), await sendAs(FREE)]).toEqual([200, 200]);
    now += 10_000;
    expect(await sendAs(FREE)).toBe(429);
    expect(lastRecord()).toMatchObject({ refusedBy: 'plan', responseType: 'QUOTA_EXCEEDED' });

    now = Date.parse('2026-11-23T00:00:00Z');
    expect(await sendAs(FREE)).toBe(200);
  });

  test('are not asked for a method that demands no key', async () => {
    expect((await running.send('GET /health', { play: { key: 'never' } })).status).toBe(200);
  });

  test('leave a method to the throttle of its stage as well', async () => {
    expect((await running.send('GET /slow')).status).toBe(200);
    expect((await running.send('GET /slow')).status).toBe(429);
    expect(lastRecord()?.rule).toBe('stage throttle GET /slow');
  });
});

describe('a key in a header', () => {
  test('is looked for where the key source is HEADER', async () => {
    const running = await run({ body: { 'x-amazon-apigateway-api-key-source': 'HEADER' } });

    expect((await running.send('GET /orders')).status).toBe(403);
    expect((await running.send('GET /orders', { headers: { 'x-api-key': PLAN_KEY } })).status).toBe(200);
    await running.close();
  });
});
