import type { Stage } from '../../protocol/refusals';
import type { FunctionMetrics } from '../functions/local-function';
import type { RuleMetrics } from '../web-acl/metrics';
import { embeddedMetrics } from './embedded-metrics';
import type { RequestRecord } from './request-record';
import { Ring } from './ring';

/** What CloudWatch would count of the stage, and latency over the newest requests. */
export interface GatewayMetrics {
  readonly count: number;
  readonly clientErrors: number;
  readonly serverErrors: number;
  readonly refusedBy: Readonly<Partial<Record<Stage, number>>>;
  /** By name of the function. */
  readonly functions: Readonly<Record<string, FunctionMetrics>>;
  /** Rules of the web ACL by their metric, `ALL` for the whole. */
  readonly webAcl: Readonly<Record<string, RuleMetrics>>;
  /** Sums of what functions emitted in the embedded format, by `Namespace/Name`. */
  readonly emitted: Readonly<Record<string, number>>;
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
  private readonly emitted = new Map<string, number>();
  private readonly latencies = new Ring<number>(LATENCIES);

  public add({ status, refusedBy, milliseconds }: RequestRecord): void {
    this.count += 1;
    if (status >= 500) this.serverErrors += 1;
    else if (status >= 400) this.clientErrors += 1;
    if (refusedBy) this.refusedBy[refusedBy] = (this.refusedBy[refusedBy] ?? 0) + 1;
    this.latencies.push(milliseconds);
  }

  /** Takes the metrics of a line that a function wrote. */
  public addLine(line: string): void {
    for (const { name, value } of embeddedMetrics(line)) {
      this.emitted.set(name, (this.emitted.get(name) ?? 0) + value);
    }
  }

  public read(): Omit<GatewayMetrics, 'functions' | 'webAcl'> {
    const sorted = [...this.latencies.items()].sort((one, other) => one - other);
    const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
    return {
      count: this.count,
      clientErrors: this.clientErrors,
      serverErrors: this.serverErrors,
      refusedBy: { ...this.refusedBy },
      emitted: Object.fromEntries(this.emitted),
      latencyMillis: { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) },
    };
  }
}
