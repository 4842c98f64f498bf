import type { UsagePlanModel } from '../model/api';

type Quota = NonNullable<UsagePlanModel['quota']>;

const DAY_MILLIS = 86_400_000;

/** Counts requests a key by calendar day, week or month, in UTC. */
export class QuotaCounter {
  private readonly used = new Map<string, { readonly period: string; readonly count: number }>();

  constructor(private readonly now: () => number) {}

  public take(name: string, quota: Quota): boolean {
    const count = this.countOf(name, quota);
    if (count >= quota.limit) return false;

    this.used.set(name, { period: periodOf(this.now(), quota), count: count + 1 });
    return true;
  }

  public countOf(name: string, quota: Quota): number {
    const entry = this.used.get(name);
    return entry?.period === periodOf(this.now(), quota) ? entry.count : 0;
  }
}

/** Names the calendar period of a moment. `offset` days later than its usual start it begins anew. */
export function periodOf(millis: number, { period, offset }: Quota): string {
  const date = new Date(millis - (period === 'DAY' ? 0 : offset * DAY_MILLIS));
  if (period === 'MONTH') return date.toISOString().slice(0, 7);
  if (period === 'DAY') return date.toISOString().slice(0, 10);

  // weeks begin on Sunday
  const sunday = date.getTime() - date.getUTCDay() * DAY_MILLIS;
  return new Date(sunday).toISOString().slice(0, 10);
}
