import { runQuery } from '../../lib/local/emulated/insights/run-query';

const LINES = [
  { status: '200', latency: 10, source: { ip: '192.0.2.1' }, user: { id: 'alice' } },
  { status: '200', latency: 30, source: { ip: '192.0.2.2' }, user: { id: 'alice' } },
  { status: '429', latency: 20, source: { ip: '192.0.2.1' }, user: { id: 'bob' } },
  { status: '1000', '@timestamp': 'own', user: { id: 'say "a"' } },
].map((line, index) => ({ logGroup: 'access', time: index * 60_000, line: JSON.stringify(line) }));

const rowsOf = (query: string) => runQuery(query, LINES).map((row) => Object.fromEntries(row));

describe('a query of CloudWatch Logs Insights, run here', () => {
  test.each<[string, readonly object[]]>([
    ['fields user.id | filter status = "429"', [{ 'user.id': 'bob' }]],
    ['fields status | filter user.id = "say \\"a\\""', [{ status: '1000' }]],
    [
      'fields status | filter latency > 15 and latency <= 30 | sort latency asc',
      [{ status: '429' }, { status: '200' }],
    ],
    ['fields user.id | filter status > 999', [{ 'user.id': 'say "a"' }]],
    ['fields user.id | filter source.ip in ["192.0.2.2", "192.0.2.9"]', [{ 'user.id': 'alice' }]],
    ['fields status | filter user.id not in ["alice", "bob"]', [{ status: '1000' }]],
    ['fields status | filter not (user.id = "alice" or user.id = "bob")', [{ status: '1000' }]],
    [
      'fields status | filter user.id = "alice" and status = "200" or latency = 20 | sort latency desc | limit 2',
      [{ status: '200' }, { status: '429' }],
    ],
    ['fields status | filter not ispresent(latency)', [{ status: '1000' }]],
    ['fields @@timestamp | filter ispresent(@@timestamp)', [{ '@@timestamp': 'own' }]],
    [
      'stats count(*) as requests, count_distinct(source.ip) as addresses by user.id | sort requests desc, user.id asc | limit 2',
      [
        { 'user.id': 'alice', requests: 2, addresses: 2 },
        { 'user.id': 'bob', requests: 1, addresses: 1 },
      ],
    ],
    [
      'stats min(latency), max(latency), avg(latency) as mean, sum(latency) as all, pct(latency, 50) as half',
      [{ 'min(latency)': 10, 'max(latency)': 30, mean: 20, all: 60, half: 20 }],
    ],
    [
      'stats count(*) as n by bin(2m)',
      [
        { 'bin(2m)': 0, n: 2 },
        { 'bin(2m)': 120_000, n: 2 },
      ],
    ],
  ])('answers %s', (query, rows) => {
    expect(rowsOf(query)).toEqual(rows);
  });

  test.each([
    'parse @message "x"',
    'filter status like /2../',
    'filter status ~ "x"',
    'stats stddev(latency)',
    'fields status | filter',
    'fields status status',
  ])('refuses what it does not know, rather than half of it: %s', (query) => {
    expect(() => runQuery(query, LINES)).toThrow('a query that is not run here');
  });

  test('refuses what is longer than CloudWatch Logs takes, and would keep it busy', () => {
    expect(() => runQuery(`filter ${'('.repeat(50_000)}`, LINES)).toThrow('more than 10000 characters');
    expect(() => runQuery(`filter status in [${'1,'.repeat(4_000)}1]`, LINES)).not.toThrow();
  });

  test('shows the newest lines first where no order is asked for', () => {
    expect(rowsOf('fields status | limit 1')).toEqual([{ status: '1000' }]);
  });
});
