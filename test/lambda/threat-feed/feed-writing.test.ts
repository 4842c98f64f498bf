import { FeedStore } from '../../../lambda/threat-feed/feed-store';
import { dynamodb, feedServer, GOOD, GOOD_4, GOOD_6, hostOf, start } from './feed-function';
import { ATTACKERS_4, add, FEEDS_4, FEEDS_6, SETS } from './lists';

describe('threat feed', () => {
  test('is written to the set of each family, aggregated', async () => {
    const { handler, waf } = await start();
    feedServer.serve('/drop', GOOD);

    await handler({ source: 'aws.events' });

    expect(waf.addresses(FEEDS_4)).toEqual(GOOD_4);
    expect(waf.addresses(FEEDS_6)).toEqual(GOOD_6);
  });

  test('is put back, with the attackers, from what is stored once CloudFormation has emptied the sets', async () => {
    const { handler, waf, lines } = await start();
    feedServer.serve('/drop', GOOD);
    await handler({});
    await handler(add('203.5.7.7'));
    const { length } = lines;
    for (const id of SETS) waf.add(id);

    await handler({ action: 'restore' });

    expect(waf.addresses(FEEDS_4)).toEqual(GOOD_4);
    expect(waf.addresses(FEEDS_6)).toEqual(GOOD_6);
    expect(waf.addresses(ATTACKERS_4)).toEqual(['203.5.7.7/32']);
    // no feed was asked, and none is fresher than before
    expect(lines.slice(length)).toEqual([{ level: 'info', message: 'restore' }]);
  });

  test('is not written again when nothing changed', async () => {
    const { handler, waf } = await start();
    feedServer.serve('/drop', GOOD);
    await handler({});
    const { updates } = waf;

    await handler({});

    expect(waf.updates).toBe(updates);
  });

  test('fits the table however long it is, and says how many it named', async () => {
    const { handler, waf, table } = await start();
    const hosts = Array.from({ length: 12_000 }, (_, index) => hostOf(index));
    feedServer.serve('/drop', hosts.join('\n'));

    await handler({});

    expect(waf.addresses(FEEDS_4)).toHaveLength(10_000);
    const { Item } = await dynamodb('GetItem', {
      TableName: table,
      Key: { pk: { S: 'feed' }, sk: { S: 'drop' } },
    });
    expect(Item).toMatchObject({ count: { N: '12000' } });
    expect(JSON.stringify(Item).length).toBeLessThan(400_000);
    feedServer.serve('/drop', hosts.slice(0, 5_999).join('\n'));
    await handler({});
    expect(waf.addresses(FEEDS_4)).toHaveLength(10_000);
  }, 60_000);

  test('keeps the largest networks when there are too many', async () => {
    const { handler, waf } = await start();
    const addresses = Array.from({ length: 10_500 }, (_, index) => `203.${index >> 8}.${index & 255}.9`);
    feedServer.serve('/drop', [...addresses, '198.20.0.0/16'].join('\n'));

    await handler({});

    expect(waf.addresses(FEEDS_4)).toHaveLength(10_000);
    expect(waf.addresses(FEEDS_4)).toContain('198.20.0.0/16');
  });

  test('does not drive out another that is smaller', async () => {
    const { handler, waf, table, clock, lines } = await start({
      feeds: [
        { name: 'drop', path: '/drop' },
        { name: 'tor', path: '/tor' },
      ],
    });
    // no two of them make a larger one
    const networks = Array.from(
      { length: 10_000 },
      (_, index) => `${60 + (index >> 12)}.${(index >> 4) & 255}.${(index & 15) * 2}.0/24`,
    );
    const count = networks.length;
    const at = { updatedAt: clock.now, peakAt: clock.now };
    await new FeedStore(dynamodb, table).saveFeed('drop', { networks, count, peak: count, ...at });
    feedServer.serve('/drop', 'not now');
    const tor = Array.from({ length: 300 }, (_, index) => `203.7.${index >> 4}.${(index & 15) * 2}/32`);
    feedServer.serve('/tor', tor.join('\n'));

    await handler({});

    const written = new Set(waf.addresses(FEEDS_4));
    expect(written.size).toBe(10_000);
    expect(tor.filter((network) => !written.has(network))).toEqual([]);
    expect(lines).toContainEqual({
      level: 'warn',
      message: 'feeds share full sets',
      leftOut: { ipv4: 300, ipv6: 0 },
    });
  });

  test('wins against another writer after some attempts', async () => {
    const { handler, waf } = await start();
    feedServer.serve('/drop', GOOD);
    waf.races = 3;

    await handler({});

    expect(waf.addresses(FEEDS_4)).toEqual(GOOD_4);
  });

  test.each(['GetIPSet', 'UpdateIPSet'])(
    'is not undone by a run that began before and read an older list (%s)',
    async (operation) => {
      const { handler, waf } = await start();
      feedServer.serve('/drop', GOOD);
      await handler({});
      feedServer.serve('/drop', `${GOOD}\n203.7.0.0/16`);
      waf.meanwhile = {
        operation,
        run: async () => {
          feedServer.serve('/drop', `${GOOD}\n203.5.0.0/16`);
          await handler({});
        },
      };

      await handler({});

      expect(waf.addresses(FEEDS_4)).toEqual([...GOOD_4, '203.5.0.0/16']);
    },
  );

  test.each(['WAFUnavailableEntityException', 'WAFInternalErrorException', 'ThrottlingException'])(
    'is written in the end where AWS WAF answers %s at first',
    async (refused) => {
      const { handler, waf } = await start();
      feedServer.serve('/drop', GOOD);
      waf.refusals.push(refused, refused);

      await handler({});

      expect(waf.addresses(FEEDS_4)).toEqual(GOOD_4);
    },
  );

  test('fails at once where AWS WAF does not take it, and the last list stays', async () => {
    const { handler, waf, lines } = await start();
    feedServer.serve('/drop', GOOD);
    await handler({});
    feedServer.serve('/drop', `${GOOD}\n203.5.0.0/16`);
    waf.refusals.push('WAFLimitsExceededException');

    await expect(handler({})).rejects.toThrow('WAFLimitsExceededException');
    expect(waf.addresses(FEEDS_4)).toEqual(GOOD_4);
    // what is not in force is not fresh: no metric says so, and the alarm takes silence for age
    expect(lines.at(-1)).toMatchObject({ message: 'feed taken' });
    expect(lines.at(-1)).not.toHaveProperty('FeedAgeSeconds');
  });

  test('fails when another writer always wins, and its list is taken next time', async () => {
    const { handler, waf } = await start();
    feedServer.serve('/drop', GOOD);
    waf.races = 99;
    await expect(handler({})).rejects.toThrow('WAFOptimisticLockException');

    waf.races = 0;
    await handler({});

    expect(waf.addresses(FEEDS_4)).toEqual(GOOD_4);
  });
});
