import { type Gcra, gcraOf, take, waitAfter } from '../../../../lambda/authorizer/limits/gcra';
import { CLOCK_SKEW_MILLIS } from '../../../../lib/protocol/limits';
import fc from '../../../fixtures/property';

const SECOND = 1_000_000;

/** Times, of those asked for in order, at which a request was admitted. */
function admittedAt(gcra: Gcra, times: readonly { now: number; skew: number }[]): number[] {
  let arrival: number | undefined;
  return times.flatMap(({ now, skew }) => {
    const taken = take(gcra, arrival, now + skew);
    arrival = taken.arrival;
    return taken.admitted ? [now] : [];
  });
}

/** Most of `times` within any half-open window. */
function mostWithin(times: readonly number[], window: number): number {
  return Math.max(
    0,
    ...times.map((start) => times.filter((time) => time >= start && time < start + window).length),
  );
}

describe('gcraOf', () => {
  const limit = fc.record({
    limit: fc.integer({ min: 1, max: 40 }),
    perSeconds: fc.integer({ min: 1, max: 60 }),
  });
  const gaps = fc.array(
    fc.record({ gap: fc.nat({ max: 3 * SECOND }), skew: fc.nat({ max: CLOCK_SKEW_MILLIS * 1_000 }) }),
    {
      maxLength: 300,
      size: 'max',
    },
  );

  test('admits at most the limit in any window, though clocks differ', () => {
    fc.assert(
      fc.property(limit, gaps, (rate, steps) => {
        let now = 0;
        const times = steps.map(({ gap, skew }) => {
          now += gap;
          return { now, skew };
        });

        expect(mostWithin(admittedAt(gcraOf(rate), times), rate.perSeconds * SECOND)).toBeLessThanOrEqual(
          rate.limit,
        );
      }),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 300) },
    );
  });

  test.each([1, 2, 3, 10, 100])('admits all of a limit of %i to a caller who never stops asking', (n) => {
    const times = Array.from({ length: 60_000 }, (_, index) => ({ now: index * 1_000, skew: 0 }));
    const admitted = admittedAt(gcraOf({ limit: n, perSeconds: 10 }), times);

    // clocks that do not differ lose what is kept for clocks that do
    expect(mostWithin(admitted, 10 * SECOND + CLOCK_SKEW_MILLIS * 1_000)).toBe(n);
  });

  test('admits half of the limit at once', () => {
    const burst = Array.from({ length: 20 }, () => ({ now: 0, skew: 0 }));

    expect(admittedAt(gcraOf({ limit: 10, perSeconds: 60 }), burst)).toHaveLength(5);
    expect(admittedAt(gcraOf({ limit: 1, perSeconds: 60 }), burst)).toHaveLength(1);
  });

  test('says how long to wait, and admits then', () => {
    const gcra = gcraOf({ limit: 3, perSeconds: 60 });
    const first = take(gcra, undefined, 0);
    const second = take(gcra, first.arrival, 0);
    const refused = take(gcra, second.arrival, 0);
    const wait = waitAfter(gcra, refused);

    expect([first.admitted, second.admitted, refused.admitted]).toEqual([true, true, false]);
    expect(take(gcra, refused.arrival, wait - 1).admitted).toBe(false);
    expect(take(gcra, refused.arrival, wait).admitted).toBe(true);
  });

  test('charges a refused request nothing', () => {
    const gcra = gcraOf({ limit: 1, perSeconds: 60 });
    const { arrival } = take(gcra, undefined, 0);

    expect(take(gcra, arrival, 10).arrival).toBe(arrival);
  });
});
