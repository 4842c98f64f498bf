import type { Stage } from '../../protocol/refusals';
import type { RequestRecord } from './request-record';
import { Ring } from './ring';

/** What CloudWatch would count of the stage, and latency over the newest requests. */
export interface GatewayMetrics {
  readonly count: number;
  readonly clientErrors: number;
  readonly serverErrors: number;
  readonly refusedBy: Readonly<Partial<Record<Stage, number>>>;
  readonly latencyMillis: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
  };
}

const LATENCIES = 10_000;

export class MetricsBook {
  private count = 0;
  private clientErrors = 0;
  private serverErrors = 0;
  private readonly refusedBy: Partial<Record<Stage, number>> = {};
  private readonly latencies = new Ring<number>(LATENCIES);

  public add({ status, refusedBy, milliseconds }: RequestRecord): void {
    this.count += 1;
    if (status >= 500) this.serverErrors += 1;
    else if (status >= 400) this.clientErrors += 1;
    if (refusedBy) this.refusedBy[refusedBy] = (this.refusedBy[refusedBy] ?? 0) + 1;
    this.latencies.push(milliseconds);
  }

  public read(): GatewayMetrics {
    const sorted = [...this.latencies.items()].sort((one, other) => one - other);
    const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
    return {
      count: this.count,
      clientErrors: this.clientErrors,
      serverErrors: this.serverErrors,
      refusedBy: { ...this.refusedBy },
      latencyMillis: { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) },
    };
  }
}
