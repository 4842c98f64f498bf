import { AlarmEvaluation } from './alarm-evaluation';
import { type DataPoint, DataPoints, type Happened } from './data-points';
import { ScheduledFunctions } from './scheduled-functions';
import type { WatchedGateway } from './watched-gateway';

const PATIENCE_MILLIS = 5_000;

/** A watched gateway, period by period: what is done to it, what its functions find by themselves, what its alarms say. */
export class Periods {
  public readonly alarms: AlarmEvaluation;
  public readonly scheduled: ScheduledFunctions;
  private readonly points: DataPoints;

  constructor(watched: WatchedGateway, now: () => number = Date.now) {
    this.alarms = new AlarmEvaluation(watched.resolver);
    this.points = new DataPoints(watched.resolver, watched.gateway);
    this.scheduled = new ScheduledFunctions(watched, now);
  }

  /**
   * Alarms that are on after so many periods in each of which the cause was there, and none before the last of them that
   * waits for more than one.
   */
  public async alarmsOf(
    cause: () => Promise<unknown>,
    expected: readonly string[],
    count = 1,
  ): Promise<string[]> {
    const before: Happened[] = [];
    for (let period = 1; ; period += 1) {
      const happened = await this.begin(cause);
      if (period === count) return this.settled(() => [...before, happened()], expected);
      const early = this.alarms.on([...before, happened()]);
      expect(early).toEqual([]);
      before.push(happened());
    }
  }

  private async begin(cause: () => Promise<unknown>): Promise<() => Happened> {
    const { place } = this.points;
    // whose lack is an alarm, as its schedule brings it
    const beside: DataPoint[] = await this.scheduled.refreshFeeds();
    const caused = await cause();
    if (Array.isArray(caused)) beside.push(...caused);
    return () => {
      const { points, accessLog } = this.points.since(place);
      return { points: [...points, ...beside], accessLog };
    };
  }

  /** Once there are as many, or for a while: a function's lines come after its answer. */
  private async settled(periods: () => Happened[], expected: readonly string[]): Promise<string[]> {
    const deadline = Date.now() + PATIENCE_MILLIS;
    for (;;) {
      const names = this.alarms.on(periods());
      if (names.length >= expected.length || Date.now() > deadline) return names;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
