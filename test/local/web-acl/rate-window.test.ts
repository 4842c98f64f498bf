import { RateWindow } from '../../../lib/local/web-acl/rate-window';
import fc from '../../fixtures/property';

describe('RateWindow', () => {
  test('agrees with a list of all requests ever made', () => {
    const step = fc.record({ wait: fc.nat(30_000), key: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), fc.constantFrom(60, 120), (steps, window) => {
        let time = 1_000_000;
        const rate = new RateWindow(10, window, () => time);
        const seen: { key: string; second: number }[] = [];
        for (const { wait, key } of steps) {
          time += wait;
          const second = Math.floor(time / 1000);
          seen.push({ key, second });
          const inWindow = seen.filter((one) => one.key === key && one.second > second - window).length;

          expect(rate.exceeds(key)).toBe(inWindow > 10);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('lets a key in again once its window has passed', () => {
    let time = 0;
    const rate = new RateWindow(10, 60, () => time);
    for (let count = 0; count < 10; count += 1) expect(rate.exceeds('a')).toBe(false);
    expect(rate.exceeds('a')).toBe(true);

    time = 61_000;

    expect(rate.exceeds('a')).toBe(false);
  });

  test('follows a bounded number of keys, the busiest callers last forgotten', () => {
    const rate = new RateWindow(10, 60, () => 0);
    for (let count = 0; count < 30_000; count += 1) {
      rate.exceeds(`key-${count}`);
      if (count % 100 === 0) rate.exceeds('busy');
    }

    expect(rate.exceeds('busy')).toBe(true);
  });
});
