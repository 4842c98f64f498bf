import { createHandler } from '../../../lambda/certificate-expiry/handler';

const NOW = Date.UTC(2026, 0, 1);
const DAY_MILLIS = 24 * 60 * 60 * 1000;

describe('the certificate-expiry handler', () => {
  test('tells the days that each certificate has left, as metrics', async () => {
    const { lines, run } = handlerFor({
      clientCertificates: { backend: 'abc' },
      known: { truststore: NOW + 10 * DAY_MILLIS },
    });

    await run();

    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ Certificate: 'truststore', DaysToExpiry: 10 }),
      {
        _aws: {
          Timestamp: NOW,
          CloudWatchMetrics: [
            {
              Namespace: 'SecureApiGateway',
              Dimensions: [['Certificate']],
              Metrics: [{ Name: 'DaysToExpiry' }],
            },
          ],
        },
        Certificate: 'backend',
        DaysToExpiry: 30,
      },
    ]);
    expect(lines.every((line) => line.endsWith('\n'))).toBe(true);
  });

  test('fails for a certificate that cannot be asked after, and tells of the others', async () => {
    const { lines, run } = handlerFor({ clientCertificates: { gone: 'gone', backend: 'abc' }, known: {} });

    await expect(run()).rejects.toThrow('no such certificate');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('"Certificate":"backend"');
  });
});

function handlerFor(configuration: Parameters<typeof createHandler>[0]['configuration']) {
  const lines: string[] = [];
  const run = createHandler({
    configuration,
    endOf: async (id) => {
      if (id === 'gone') throw new Error('no such certificate');
      return NOW + 30 * DAY_MILLIS;
    },
    now: () => NOW,
    write: (line) => lines.push(line),
  });
  return { lines, run };
}
