import { dynamodb, feedServer, GOOD, GOOD_4, hostOf, start } from './feed-function';
import { FEEDS_4, FEEDS_6 } from './lists';

describe('threat feed', () => {
  test('leaves what the sets hold when it has never given anything', async () => {
    const { handler, waf } = await start();
    waf.add(FEEDS_4, '203.5.0.0/16');
    feedServer.behaviours.set('/drop', (request) => request.socket.destroy());

    await handler({});

    expect(waf.addresses(FEEDS_4)).toEqual(['203.5.0.0/16']);
    expect(waf.updates).toBe(0);
  });

  test('is believed in its loss by force, and only the one that is named', async () => {
    const feeds = [
      { name: 'one', path: '/one' },
      { name: 'two', path: '/two' },
    ];
    const { handler, waf } = await start({ feeds });
    feedServer.serve('/one', '203.1.0.0/16\n203.3.0.0/16\n203.5.0.0/16');
    feedServer.serve('/two', '204.1.0.0/16\n204.3.0.0/16\n204.5.0.0/16');
    await handler({});
    feedServer.serve('/one', '203.1.0.0/16');
    feedServer.serve('/two', '204.1.0.0/16');

    await handler({ action: 'refresh', force: ['one'] });

    expect(waf.addresses(FEEDS_4)).toEqual(['203.1.0.0/16', '204.1.0.0/16', '204.3.0.0/16', '204.5.0.0/16']);
  });

  test('is not forced under a name that none has, and says which was not taken', async () => {
    const { handler, waf } = await start({
      feeds: [
        { name: 'one', path: '/one' },
        { name: 'two', path: '/two' },
      ],
    });
    feedServer.serve('/one', '203.1.0.0/16');
    feedServer.serve('/two', '<html>');

    await expect(handler({ action: 'refresh', force: ['one', 'on'] })).resolves.toEqual({
      ok: false,
      code: 'NO_SUCH_FEED',
      message: 'there is no feed on, but one, two',
    });
    expect(waf.updates).toBe(0);

    await expect(handler({ action: 'refresh', force: ['one'] })).resolves.toEqual({
      ok: true,
      notTaken: [{ feed: 'two', reason: 'the list holds something else than networks' }],
    });
  });

  test('does not lose more than half in small steps either, within a week', async () => {
    const { handler, waf, clock } = await start();
    const serveFirst = (count: number) =>
      feedServer.serve('/drop', Array.from({ length: count }, (_, index) => hostOf(index)).join('\n'));
    for (const [count, taken] of [
      [100, 100],
      [70, 70],
      [50, 50],
      [40, 50],
      [60, 60],
      [40, 60],
    ] as const) {
      serveFirst(count);
      await handler({});
      clock.now += 21_600;
      expect(waf.addresses(FEEDS_4)).toHaveLength(taken);
    }

    // the most of a week ago is no measure any more: a list that was believed since is
    clock.now += 7 * 86_400;
    serveFirst(60);
    await handler({});
    serveFirst(40);
    await handler({});
    expect(waf.addresses(FEEDS_4)).toHaveLength(40);
    serveFirst(29);
    await handler({});
    expect(waf.addresses(FEEDS_4)).toHaveLength(40);
    // by force it begins anew
    await handler({ action: 'refresh', force: ['drop'] });
    serveFirst(15);
    await handler({});
    expect(waf.addresses(FEEDS_4)).toHaveLength(15);
  });

  test('may become empty by force, and never be a page', async () => {
    const { handler, waf } = await start();
    feedServer.serve('/drop', GOOD);
    await handler({});
    feedServer.serve('/drop', '<html>\n</html>');
    await handler({ action: 'refresh', force: ['drop'] });
    expect(waf.addresses(FEEDS_4)).toEqual(GOOD_4);

    feedServer.serve('/drop', '# nobody any more\n');
    await handler({});
    expect(waf.addresses(FEEDS_4)).toEqual(GOOD_4);
    await handler({ action: 'refresh', force: ['drop'] });

    expect(waf.addresses(FEEDS_4)).toEqual([]);
    expect(waf.addresses(FEEDS_6)).toEqual([]);
  });

  test('is applied when it only grows', async () => {
    const { handler, waf } = await start();
    feedServer.serve('/drop', GOOD);
    await handler({});
    feedServer.serve('/drop', `${GOOD}\n203.5.0.0/16`);

    await handler({});

    expect(waf.addresses(FEEDS_4)).toEqual([...GOOD_4, '203.5.0.0/16']);
  });

  test('leaves a record of what it contributed', async () => {
    const { handler, clock, table } = await start();
    feedServer.serve('/drop', GOOD);
    await handler({});

    const { Item } = await dynamodb('GetItem', {
      TableName: table,
      Key: { pk: { S: 'feed' }, sk: { S: 'drop' } },
    });

    expect(Item).toMatchObject({ count: { N: '4' }, updatedAt: { N: String(clock.now) } });
  });
});
