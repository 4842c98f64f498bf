import type { ActionKind } from './action';

/** How often one rule allowed, blocked and counted; `ALL` is the web ACL as a whole. */
export interface RuleMetrics {
  readonly allowed: number;
  readonly blocked: number;
  readonly counted: number;
  readonly challenged: number;
}

const COLUMNS: Readonly<Record<ActionKind, keyof RuleMetrics>> = {
  ALLOW: 'allowed',
  BLOCK: 'blocked',
  COUNT: 'counted',
  CAPTCHA: 'challenged',
  CHALLENGE: 'challenged',
};

/** Counts what CloudWatch would, by metric name. */
export class Metrics {
  private readonly counts = new Map<string, RuleMetrics>();

  public count(metric: string, action: ActionKind) {
    const before = this.counts.get(metric) ?? { allowed: 0, blocked: 0, counted: 0, challenged: 0 };
    const column = COLUMNS[action];
    this.counts.set(metric, { ...before, [column]: before[column] + 1 });
  }

  public read(): Readonly<Record<string, RuleMetrics>> {
    return Object.fromEntries(this.counts);
  }
}
