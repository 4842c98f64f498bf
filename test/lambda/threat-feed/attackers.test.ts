import { dynamodb, hostOf, start } from './feed-function';
import { ATTACKERS_4, ATTACKERS_6, add, FEEDS_4 } from './lists';

describe('list of attackers', () => {
  let subject: Awaited<ReturnType<typeof start>>;

  beforeEach(async () => {
    subject = await start({ feeds: [], exempt: ['203.9.0.0/16', '2a10:9::/32'] });
  });

  test('denies a network in its family at once', async () => {
    const { handler, waf, clock } = subject;

    await expect(handler(add('203.5.7.7'))).resolves.toEqual({
      ok: true,
      denied: [
        {
          network: '203.5.7.7/32',
          reason: 'probing',
          by: 'ops',
          createdAt: clock.now,
          expiresAt: clock.now + 3_600,
        },
      ],
    });
    await handler(add('2a10:5::/48'));

    expect(waf.addresses(ATTACKERS_4)).toEqual(['203.5.7.7/32']);
    expect(waf.addresses(ATTACKERS_6)).toEqual(['2a10:5::/48']);
    expect(waf.addresses(FEEDS_4)).toEqual([]);
  });

  test('lets a network go when its time is over', async () => {
    const { handler, waf, clock } = subject;
    await handler(add('203.5.7.7'));
    await handler(add('203.6.7.7', { forSeconds: 7_200 }));
    clock.now += 3_600;

    await handler({ source: 'aws.events' });

    expect(waf.addresses(ATTACKERS_4)).toEqual(['203.6.7.7/32']);
  });

  test('lets a network go within minutes, without a feed being asked', async () => {
    const { handler, waf, clock, lines } = subject;
    await handler(add('203.5.7.7'));
    const { length } = lines;
    clock.now += 3_599;
    await handler({ action: 'expire' });
    expect(waf.addresses(ATTACKERS_4)).toEqual(['203.5.7.7/32']);

    clock.now += 1;
    await handler({ action: 'expire' });

    expect(waf.addresses(ATTACKERS_4)).toEqual([]);
    expect(lines).toHaveLength(length);
  });

  test.each(['GetIPSet', 'UpdateIPSet'])(
    'loses none of two that are denied at once, whoever writes the set last (%s)',
    async (operation) => {
      const { handler, waf } = subject;
      waf.meanwhile = { operation, run: () => handler(add('203.6.7.7')) };

      await expect(handler(add('203.5.7.7'))).resolves.toMatchObject({
        denied: [{ network: '203.5.7.7/32' }, { network: '203.6.7.7/32' }],
      });

      expect(waf.addresses(ATTACKERS_4)).toEqual(['203.5.7.7/32', '203.6.7.7/32']);
    },
  );

  test.each(['GetIPSet', 'UpdateIPSet'])(
    'does not deny again whom another lets go meanwhile (%s)',
    async (operation) => {
      const { handler, waf } = subject;
      await handler(add('203.5.7.7'));
      const remove = { action: 'denyRemove', network: '203.5.7.7', reason: 'mistake', by: 'ops' };
      waf.meanwhile = { operation, run: () => handler(remove) };

      await handler(add('203.6.7.7'));

      expect(waf.addresses(ATTACKERS_4)).toEqual(['203.6.7.7/32']);
    },
  );

  test('is not longer than a set can be: what does not fit is refused, not left out', async () => {
    const { handler, waf, table, clock } = subject;
    const denied = Array.from({ length: 10_000 }, (_, index) => `${hostOf(index)}/32`);
    for (let from = 0; from < denied.length; from += 25) {
      await dynamodb('BatchWriteItem', {
        RequestItems: {
          [table]: denied.slice(from, from + 25).map((network) => ({
            PutRequest: {
              Item: {
                ...{ pk: { S: 'denied' }, sk: { S: network }, expiresAt: { N: String(clock.now + 60) } },
                ...{ reason: { S: 'r'.repeat(256) }, by: { S: 'b'.repeat(256) }, createdAt: { N: '1' } },
              },
            },
          })),
        },
      });
    }

    await expect(handler(add('198.20.7.7'))).resolves.toMatchObject({ ok: false, code: 'LIST_FULL' });
    expect(waf.updates).toBe(0);
    await expect(handler(add('203.64.0.0/10', { force: true }))).resolves.toMatchObject({ ok: true });
    expect(waf.addresses(ATTACKERS_4)).toEqual(['203.64.0.0/10']);
  }, 60_000);

  test('lets a network go when asked to, and says who is left', async () => {
    const { handler, waf } = subject;
    await handler(add('203.5.7.7'));
    await handler(add('203.6.7.7'));

    const answer = await handler({
      action: 'denyRemove',
      network: '203.5.7.7/32',
      reason: 'mistake',
      by: 'ops',
    });

    expect(answer).toMatchObject({ ok: true, denied: [{ network: '203.6.7.7/32' }] });
    expect(waf.addresses(ATTACKERS_4)).toEqual(['203.6.7.7/32']);
    await expect(handler({ action: 'denyList' })).resolves.toMatchObject({
      denied: [{ network: '203.6.7.7/32' }],
    });
  });

  test.each<[string, object, string]>([
    ["one's own address", add('198.51.77.0/24'), 'OWN_ADDRESS'],
    [
      "one's own address, told as IPv6",
      add('198.51.77.0/24', { ownAddress: '::ffff:198.51.77.1' }),
      'OWN_ADDRESS',
    ],
    ["one's own address of IPv6", add('2a10:7::/48', { ownAddress: '2A10:0007::1' }), 'OWN_ADDRESS'],
    [
      "anyone while one's own address is not known",
      add('203.5.7.7', { ownAddress: undefined }),
      'OWN_ADDRESS_UNKNOWN',
    ],
    ['an exempt network', add('203.9.1.0/24'), 'EXEMPT_NETWORK'],
    ['a network around an exempt one', add('203.8.0.0/15'), 'EXEMPT_NETWORK'],
    ['an exempt network of IPv6', add('2a10:9:1::/48'), 'EXEMPT_NETWORK'],
  ])('does not deny %s but by force', async (_, request, code) => {
    const { handler, waf } = subject;

    await expect(handler(request)).resolves.toMatchObject({ ok: false, code });
    expect(waf.updates).toBe(0);

    await expect(handler({ ...request, force: true })).resolves.toMatchObject({ ok: true });
    expect(waf.updates).toBe(1);
  });

  test.each<[string, object, string]>([
    ['everyone', add('0.0.0.0/0', { force: true }), 'INVALID_NETWORK'],
    ['a private network', add('10.0.0.0/24', { force: true }), 'INVALID_NETWORK'],
    ['what is no network', add('example.com'), 'INVALID_NETWORK'],
    ['a network for ever', add('203.5.7.7', { forSeconds: 1e12 }), 'INVALID_DURATION'],
    ['a network for no time', add('203.5.7.7', { forSeconds: 0 }), 'INVALID_DURATION'],
    ['a network without a reason', add('203.5.7.7', { reason: '' }), 'INVALID_REASON'],
    ['a network for a blank reason', add('203.5.7.7', { reason: ' ' }), 'INVALID_REASON'],
    ['a network with what a terminal obeys', add('203.5.7.7', { reason: '\u001b[2J' }), 'INVALID_REASON'],
    ["a network in nobody's name", add('203.5.7.7', { by: '' }), 'INVALID_REASON'],
  ])('never denies %s', async (_, request, code) => {
    const { handler, waf } = subject;

    await expect(handler(request)).resolves.toMatchObject({ ok: false, code });
    expect(waf.updates).toBe(0);
  });

  test.each([{ reason: '' }, { reason: 'two\nlines' }, { by: 'x'.repeat(257) }])(
    'lets no network go for %j',
    async (wrong) => {
      const { handler, waf } = subject;
      await handler(add('203.5.7.7'));

      await expect(
        handler({ action: 'denyRemove', network: '203.5.7.7', reason: 'x', by: 'ops', ...wrong }),
      ).resolves.toMatchObject({ ok: false, code: 'INVALID_REASON' });
      expect(waf.addresses(ATTACKERS_4)).toEqual(['203.5.7.7/32']);
    },
  );

  test('says so when a network to let go is not on it', async () => {
    await expect(
      subject.handler({ action: 'denyRemove', network: '203.5.7.7', reason: 'x', by: 'ops' }),
    ).resolves.toMatchObject({ ok: false, code: 'NOT_DENIED' });
  });

  test('keeps who changed what and why, in the table and in the log', async () => {
    const { handler, lines, table } = subject;
    await handler(add('203.5.7.7', { force: true }));
    await handler({ action: 'denyRemove', network: '203.5.7.7', reason: 'mistake', by: 'boss' });

    const { Items } = await dynamodb('Query', {
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'audit' } },
    });

    expect(Items).toHaveLength(2);
    expect(Items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ change: { S: 'add' }, by: { S: 'ops' }, forced: { BOOL: true } }),
        expect.objectContaining({ change: { S: 'remove' }, reason: { S: 'mistake' }, by: { S: 'boss' } }),
      ]),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({
        ...{ message: 'denyAdd', network: '203.5.7.7', reason: 'probing', by: 'ops', forced: true },
      }),
    );
  });
});
