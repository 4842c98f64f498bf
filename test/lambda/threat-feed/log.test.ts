import { logLine } from '../../../lambda/threat-feed/log';

describe('a line of the function that keeps threat feeds', () => {
  test('has the fields that are allowed, and drops all others', () => {
    const url = 'https://lists.example.com/?token=secret';
    const line = logLine({
      level: 'info',
      message: 'denyAdd',
      network: '203.0.113.0/24',
      by: 'ops',
      url,
      event: { url },
    });

    expect(JSON.parse(line)).toEqual({
      level: 'info',
      message: 'denyAdd',
      network: '203.0.113.0/24',
      by: 'ops',
    });
  });

  test('cuts what a caller made long, and writes out what should be a text', () => {
    const { reason, network } = JSON.parse(
      logLine({ reason: 'x'.repeat(10_000), network: { a: { b: 'c' } } }),
    );

    expect(reason).toHaveLength(256);
    expect(network).toBe('[object Object]');
  });

  test('is one line that begins as JSON, else nobody counts its metrics', () => {
    const metrics = {
      _aws: { Timestamp: 1, CloudWatchMetrics: [] },
      Function: 'f',
      Feed: 'tor',
      FeedAgeSeconds: 0,
    };
    const line = logLine({
      ...metrics,
      FeedNetworks: 3,
      refused: { 'is no network': 2 },
      message: 'feed\ntaken',
    });

    expect(line).toMatch(/^\{[^\n]*\}\n$/);
    expect(JSON.parse(line)).toEqual({
      ...metrics,
      FeedNetworks: 3,
      refused: { 'is no network': 2 },
      message: 'feed\ntaken',
    });
  });
});
