import { createHandler } from '../../../lambda/certificate-expiry/handler';
import type { ExpiryConfiguration } from '../../../lib/protocol';
import { issue } from '../../fixtures/certificates';

const NOW = Date.UTC(2026, 0, 1);
const DAY_MILLIS = 24 * 60 * 60 * 1000;

describe('the certificate-expiry handler', () => {
  test('tells the days that each certificate has left, as metrics', async () => {
    const { lines, run } = handlerFor({
      clientCertificates: { backend: 'abc' },
      known: { truststore: NOW + 10 * DAY_MILLIS },
      objects: {},
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
    const { lines, run } = handlerFor({
      clientCertificates: { gone: 'gone', backend: 'abc' },
      known: {},
      objects: {},
    });

    await expect(run()).rejects.toThrow('no such certificate');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('"Certificate":"backend"');
  });

  test('reads one version of a truststore in a bucket, and tells when its first certificate ends', async () => {
    const [early, late] = [
      await issue({ notAfter: new Date(NOW + 5 * DAY_MILLIS) }),
      await issue({ notAfter: new Date(NOW + 9 * DAY_MILLIS) }),
    ];
    const { lines, run } = handlerFor(
      {
        clientCertificates: {},
        known: {},
        objects: { truststore: { bucket: 'b', key: 'k.pem', version: '3' } },
      },
      { 'b/k.pem?3': `${late.pem}\n${early.pem}`, 'b/k.pem?4': late.pem },
    );

    await run();
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ Certificate: 'truststore', DaysToExpiry: 5 });
  });

  test.each([
    ['is gone', {}],
    ['holds no certificate', { 'b/k.pem?3': '<html>' }],
    [
      'holds one that cannot be read',
      { 'b/k.pem?3': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
    ],
  ])('fails for a truststore that %s, and tells of the others', async (_, stored) => {
    const { lines, run } = handlerFor(
      {
        clientCertificates: { backend: 'abc' },
        known: {},
        objects: { truststore: { bucket: 'b', key: 'k.pem', version: '3' } },
      },
      stored,
    );

    await expect(run()).rejects.toThrow();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('"Certificate":"backend"');
  });
});

function handlerFor(configuration: ExpiryConfiguration, stored: Readonly<Record<string, string>> = {}) {
  const lines: string[] = [];
  const run = createHandler({
    configuration,
    endOf: async (id) => {
      if (id === 'gone') throw new Error('no such certificate');
      return NOW + 30 * DAY_MILLIS;
    },
    read: async ({ bucket, key, version }) => {
      const text = stored[`${bucket}/${key}?${version}`];
      if (text === undefined) throw new Error('no such version');
      return text;
    },
    now: () => NOW,
    write: (line) => lines.push(line),
  });
  return { lines, run };
}
