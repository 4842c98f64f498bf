import { runTour } from './run-tour';
import { type Sample, startSample } from './sample';
import { stops } from './tour';

describe('the orders sample', () => {
  let sample: Sample;

  beforeAll(async () => {
    sample = await startSample();
  }, 60_000);

  afterAll(() => sample?.close());

  test('decides every request of the tour as it says', async () => {
    const outcomes = await runTour(sample, stops(sample));

    expect(outcomes.filter(({ asExpected }) => !asExpected)).toEqual([]);
    expect(outcomes.length).toBeGreaterThanOrEqual(20);
  });

  test('lets nothing through to the service that was refused', () => {
    const { gateway, service } = sample;

    expect(service.received).toHaveLength(gateway.requests().filter(({ refusedBy }) => !refusedBy).length);
  });

  test('tells the service who calls, and hands it no credential', () => {
    const { service, people, machines } = sample;
    const everything = JSON.stringify(service.received);

    expect(service.received.find(({ path }) => path === '/orders')?.headers).toMatchObject({
      'x-user-id': 'alice',
      'x-api-key': '-',
    });
    for (const credential of [...Object.values(people), ...Object.values(machines).flat()]) {
      expect(everything).not.toContain(credential);
    }
  });

  test('logs no credential', () => {
    const { gateway, people, machines } = sample;
    const lines = gateway.logs().map(({ line }) => line);

    expect(lines.length).toBeGreaterThan(20);
    for (const credential of [...Object.values(people), ...Object.values(machines).flat()]) {
      expect(lines.filter((line) => line.includes(credential))).toEqual([]);
    }
  });
});
