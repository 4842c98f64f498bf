/** Period a quota counts over. */
export enum QuotaPeriod {
  DAY = 'DAY',
  WEEK = 'WEEK',
  MONTH = 'MONTH',
}

/**
 * How many requests a caller may make in a period.
 *
 * API Gateway counts them on a best effort basis: a quota is a commercial limit, not a security one.
 */
export class Quota {
  /** So many requests a day, in UTC. */
  public static perDay(requests: number): Quota {
    return new Quota(requests, QuotaPeriod.DAY);
  }

  /** So many requests a week. */
  public static perWeek(requests: number): Quota {
    return new Quota(requests, QuotaPeriod.WEEK);
  }

  /** So many requests a month. */
  public static perMonth(requests: number): Quota {
    return new Quota(requests, QuotaPeriod.MONTH);
  }

  private constructor(
    public readonly requests: number,
    public readonly period: QuotaPeriod,
  ) {}
}

/**
 * What the callers of one tier may ask for. They share it, unless a tenant has a plan key of its own.
 */
export interface Tier {
  /**
   * Requests per second, in the long run.
   */
  readonly rate: number;

  /**
   * Requests at once.
   */
  readonly burst: number;

  /**
   * Requests in a longer period.
   *
   * @default - no quota
   */
  readonly quota?: Quota;
}
