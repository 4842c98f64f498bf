import type { Masking } from './masking';
import { Ring } from './ring';

/** One line of a log group, masked. */
export interface LogLine {
  readonly logGroup: string;
  /** Milliseconds of Unix time. */
  readonly time: number;
  readonly line: string;
}

/** What log groups would hold, as a reader without `logs:Unmask` would see it. Only the newest lines are kept. */
export class LogBook {
  private readonly kept: Ring<LogLine>;

  constructor(
    private readonly masking: Masking,
    private readonly now: () => number,
    capacity: number,
    private readonly listener: (line: LogLine) => void,
  ) {
    this.kept = new Ring(capacity);
  }

  public write(logGroup: string, line: string): string {
    const masked = this.masking.mask(logGroup, line);
    const entry = { logGroup, time: this.now(), line: masked };
    this.kept.push(entry);
    this.listener(entry);
    return masked;
  }

  /** A text as it would read in this group. */
  public mask(logGroup: string, text: string): string {
    return this.masking.mask(logGroup, text);
  }

  public lines(logGroup?: string): readonly LogLine[] {
    const lines = this.kept.items();
    return logGroup === undefined ? lines : lines.filter((line) => line.logGroup.includes(logGroup));
  }
}
