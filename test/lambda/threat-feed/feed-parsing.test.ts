import type { FeedFormat } from '../../../lib/protocol/threat-feed';
import { feedServer, start } from './feed-function';
import { FEEDS_4, FEEDS_6 } from './lists';

describe('threat feed', () => {
  test('is read with duplicates, comments, mixed line ends and spaces', async () => {
    const { handler, waf } = await start();
    feedServer.serve(
      '/drop',
      '\uFEFF; Spamhaus\r\n203.5.0.0/16 ; SBL1\r203.5.0.0/16\n\n  203.5.7.7 # host ; twice\n203.5.1.2/16\n203.5.0.0/016\n',
    );

    await handler({});

    expect(waf.addresses(FEEDS_4)).toEqual(['203.5.0.0/16']);
  });

  test('leaves out what is private, reserved or too large, and says how many', async () => {
    const { handler, waf, lines } = await start();
    feedServer.serve(
      '/drop',
      '203.5.0.0/16\n10.1.0.0/16\n127.0.0.1\n169.254.169.254\n224.0.0.0/16\n16.0.0.0/8\nfc00::/32\n::1\n2a00::/12\nfe80::1\n::ffff:10.0.0.1\n100.64.0.0/16',
    );

    await handler({});

    expect(waf.addresses(FEEDS_4)).toEqual(['203.5.0.0/16']);
    expect(waf.addresses(FEEDS_6)).toEqual([]);
    expect(lines.at(-2)).toMatchObject({ refused: { 'is private or reserved': 9, 'is too large': 2 } });
  });

  test.each([
    ['a leading zero, which some read as octal', '0203.5.0.1'],
    ['hexadecimal', '0xcb.5.0.1'],
    ['fewer than four parts', '203.5'],
    ['one number', '3405803777'],
    ['a zone', '2a10::1%eth0/128'],
    ['IPv4 within IPv6', '::ffff:203.5.7.7'],
    ['IPv4 within IPv6, by 6to4', '2002:cb05:707::/48'],
    ['IPv4 within IPv6, by NAT64', '64:ff9b::203.5.7.7'],
    ['a range', '203.5.0.0-203.5.0.9'],
    ['a mask', '203.5.0.0/255.255.0.0'],
    ['digits of another script', '２０３.5.0.1'],
    ['no prefix', '203.5.0.0/'],
    ['a sign', '203.5.0.0/+16'],
  ])('leaves out what is written with %s', async (_, text) => {
    const { handler, waf } = await start();
    feedServer.serve('/drop', `${Array.from({ length: 10 }, () => '198.20.0.0/16').join('\n')}\n${text}\n`);

    await handler({});

    expect(waf.addresses(FEEDS_4)).toEqual(['198.20.0.0/16']);
    expect(waf.addresses(FEEDS_6)).toEqual([]);
  });

  test.each<[string, FeedFormat, string, string[]]>([
    [
      'Spamhaus',
      { kind: 'jsonLines', field: 'cidr' },
      '{"cidr":"203.5.0.0/16","sblid":"SBL1","rir":"apnic"}\n{"type":"metadata","timestamp":1,"size":1,"records":1}\n',
      ['203.5.0.0/16'],
    ],
    [
      'Tor',
      { kind: 'exitAddresses' },
      'ExitNode ABC\nPublished 2026-01-01 00:00:00\nLastStatus 2026-01-01 00:00:00\nExitAddress 203.5.7.7 2026-01-01 00:00:00\n',
      ['203.5.7.7/32'],
    ],
    [
      'Tor, the short list',
      { kind: 'exitAddresses' },
      '203.5.7.7\n203.5.7.9\n',
      ['203.5.7.7/32', '203.5.7.9/32'],
    ],
  ])('is read as %s writes it', async (_, format, text, expected) => {
    const { handler, waf } = await start({ feeds: [{ name: 'feed', path: '/feed', format }] });
    feedServer.serve('/feed', text);

    await handler({});

    expect(waf.addresses(FEEDS_4)).toEqual(expected);
  });

  test('may say what it is anywhere, in any order of members', async () => {
    const format = { kind: 'jsonLines', field: 'cidr' } as const;
    const { handler, waf } = await start({ feeds: [{ name: 'feed', path: '/feed', format }] });
    feedServer.serve(
      '/feed',
      '{"records":2,"type":"metadata"}\r\n{"sblid":"1","cidr":"203.5.0.0/16"}\r\n\r\n{"cidr":"203.7.0.0/16"}',
    );

    await handler({});

    expect(waf.addresses(FEEDS_4)).toEqual(['203.5.0.0/16', '203.7.0.0/16']);
  });

  test.each([
    ['values that are no objects', 'null\n[]\n1\n"203.5.0.0/16"'],
    ['a list in place of a network', '{"cidr":["203.5.0.0/16"]}'],
    ['an inherited member', '{"__proto__":{"cidr":"203.5.0.0/16"}}'],
    ['an object that does not end', '{"cidr":"203.5.0.0/16"'],
    ['lists within lists', '['.repeat(1_000_000)],
  ])('is not taken where its lines hold %s', async (_, text) => {
    const format = { kind: 'jsonLines', field: 'cidr' } as const;
    const { handler, waf, lines } = await start({ feeds: [{ name: 'feed', path: '/feed', format }] });
    feedServer.serve('/feed', text);

    await handler({});

    expect(waf.updates).toBe(0);
    expect(lines.at(-1)).toMatchObject({ reason: 'the list holds something else than networks' });
  });

  test('is not taken when it has fewer records than it says', async () => {
    const format = { kind: 'jsonLines', field: 'cidr' } as const;
    const { handler, lines } = await start({ feeds: [{ name: 'feed', path: '/feed', format }] });
    feedServer.serve('/feed', '{"cidr":"203.5.0.0/16"}\n{"type":"metadata","records":2}\n');

    await handler({});

    expect(lines.at(-1)).toMatchObject({ reason: 'the list is not whole' });
  });
});
