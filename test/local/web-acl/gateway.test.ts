import { run } from '../running';
import { proxied } from '../template';
import { deny, guarding, visible } from './guarded';

const NONE = [{ Priority: 0, Type: 'NONE' }];
const body = (Size: number) => ({
  SizeConstraintStatement: {
    FieldToMatch: { Body: {} },
    ComparisonOperator: 'GT',
    Size,
    TextTransformations: NONE,
  },
});

/** A gateway whose web ACL has a deny list, a rate, a size and a group of AWS's. */
const guarded = (more: object = {}, rules: readonly object[] = []) =>
  run(
    {
      operations: { 'POST /orders': proxied('/orders') },
      resources: guarding(
        {
          CustomResponseBodies: {
            LARGE: { ContentType: 'APPLICATION_JSON', Content: '{"code":"PAYLOAD_TOO_LARGE"}' },
          },
          Rules: [
            deny(0),
            {
              Name: 'rate',
              Priority: 1,
              Action: {
                Block: {
                  CustomResponse: {
                    ResponseCode: 429,
                    ResponseHeaders: [{ Name: 'Retry-After', Value: '60' }],
                  },
                },
              },
              Statement: {
                RateBasedStatement: { Limit: 10, EvaluationWindowSec: 60, AggregateKeyType: 'IP' },
              },
              ...visible('Rate'),
            },
            {
              Name: 'size',
              Priority: 2,
              Action: { Block: { CustomResponse: { ResponseCode: 413, CustomResponseBodyKey: 'LARGE' } } },
              Statement: body(100),
              ...visible('Size'),
            },
            {
              Name: 'common',
              Priority: 3,
              OverrideAction: { None: {} },
              Statement: {
                ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesCommonRuleSet' },
              },
              ...visible('Common'),
            },
            ...rules,
          ],
        },
        { RedactedFields: [{ SingleHeader: { Name: 'authorization' } }] },
      ),
    },
    { sourceIpHeader: 'x-test-address', ...more },
  );
const from = (address: string, more = {}) => ({ headers: { 'x-test-address': address, ...more } });

describe('the web ACL of a local gateway', () => {
  test('refuses before anything else, and its rule is named', async () => {
    const { gateway, send, close, backend } = await guarded();

    const denied = await send('POST /orders', from('203.0.113.9'));
    const large = await send('POST /orders', { ...from('192.0.2.1'), body: 'x'.repeat(101) });

    expect(denied.status).toBe(403);
    expect(large).toMatchObject({ status: 413, text: '{"code":"PAYLOAD_TOO_LARGE"}' });
    expect(gateway.requests()).toMatchObject([
      { refusedBy: 'firewall', rule: 'deny', responseType: 'WAF_FILTERED' },
      { refusedBy: 'firewall', rule: 'size' },
    ]);
    expect(backend.received).toEqual([]);
    await close();
  });

  test('refuses too many requests with a time to come back, and lets in again after it', async () => {
    let time = 1_800_000_000_000;
    const { gateway, send, close } = await guarded({ clock: () => time });
    for (let count = 0; count < 10; count += 1) await send('POST /orders', from('192.0.2.1'));

    const refused = await send('POST /orders', from('192.0.2.1'));
    const other = await send('POST /orders', from('192.0.2.2'));
    time += 61_000;
    const later = await send('POST /orders', from('192.0.2.1'));

    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(gateway.requests()[10]).toMatchObject({ refusedBy: 'rate', rule: 'rate' });
    expect([other.status, later.status]).toEqual([200, 200]);
    await close();
  });

  test('judges the method as it was sent, whatever header overrides it later', async () => {
    const { send, gateway, close } = await guarded({}, [
      {
        Name: 'get',
        Priority: 9,
        Action: { Block: {} },
        Statement: {
          ByteMatchStatement: {
            FieldToMatch: { Method: {} },
            SearchString: 'GET',
            PositionalConstraint: 'EXACTLY',
            TextTransformations: NONE,
          },
        },
        ...visible('Get'),
      },
    ]);

    await send('GET /orders', from('192.0.2.1', { 'x-http-method-override': 'POST' }));

    expect(gateway.requests()).toMatchObject([{ method: 'POST', refusedBy: 'firewall', rule: 'get' }]);
    await close();
  });

  test('says in banner and record what it does not run', async () => {
    const { gateway, send, close } = await guarded();
    await send('POST /orders', from('192.0.2.1'));

    const [record] = gateway.requests();
    const said = record?.stages.find(({ stage }) => stage === 'firewall')?.rule;

    expect(gateway.ignored.join()).toContain('managed group AWSManagedRulesCommonRuleSet');
    expect(said).toContain('not evaluated: managed group AWSManagedRulesCommonRuleSet');
    await close();
  });

  test('logs as deployed, without credentials, and counts by rule', async () => {
    const { gateway, send, close } = await guarded();
    await send('POST /orders', from('203.0.113.9', { authorization: 'Bearer secret' }));

    const [logged] = gateway.logs('aws-waf-logs-orders');

    expect(JSON.parse(logged?.line ?? '')).toMatchObject({
      action: 'BLOCK',
      terminatingRuleId: 'deny',
      httpRequest: { clientIp: '203.0.113.9', uri: '/prod/orders' },
    });
    expect(logged?.line).not.toContain('secret');
    expect(gateway.metrics().webAcl).toMatchObject({ ALL: { blocked: 1 }, Deny: { blocked: 1 } });
    await close();
  });
});
