import { Duration } from 'aws-cdk-lib';
import type { EdgeOperation } from './edge-operation';

/**
 * What a rate counts.
 */
export enum RateKind {
  ADDRESS = 'address',
  CREDENTIAL = 'credential',
  NO_CREDENTIAL = 'no-credential',
  LOGIN = 'login',
  PATH = 'path',
  CEILING = 'ceiling',
}

/**
 * Settings of a rate on one path.
 */
export interface PathRateOptions {
  /**
   * For example `POST`.
   *
   * @default - any method
   */
  readonly method?: string;

  /**
   * Header by whose value requests are counted. Requests without it are counted by address.
   *
   * @default - by address
   */
  readonly byHeader?: string;
}

/**
 * How many requests are let through in a sliding window before the web ACL answers 429.
 *
 * AWS WAF looks at its counters about every ten seconds, so that a short burst passes. Windows are 1, 2, 5
 * or 10 minutes. For exact limits use `x-gateway.rateLimit`.
 */
export class Rate {
  /** Requests per address, whatever they carry: the floor under all others. Nobody is exempt. */
  public static perAddress(limit: number, window?: Duration): Rate {
    return new Rate(RateKind.ADDRESS, limit, window);
  }

  /** Requests per value of a credential header. */
  public static perCredential(limit: number, window?: Duration): Rate {
    return new Rate(RateKind.CREDENTIAL, limit, window);
  }

  /** Requests per address without a credential header. */
  public static withoutCredential(limit: number, window?: Duration): Rate {
    return new Rate(RateKind.NO_CREDENTIAL, limit, window);
  }

  /** Requests per address to operations that look like a login, all of them together. */
  public static login(limit: number, window?: Duration): Rate {
    return new Rate(RateKind.LOGIN, limit, window);
  }

  /** Requests to one path, per address or per value of a header. */
  public static onPath(path: string, limit: number, window?: Duration, options?: PathRateOptions): Rate {
    return new Rate(RateKind.PATH, limit, window, { path, method: options?.method }, options?.byHeader);
  }

  /** Requests of all callers together. Beyond it everyone is refused. */
  public static ceiling(limit: number, window?: Duration): Rate {
    return new Rate(RateKind.CEILING, limit, window);
  }

  private constructor(
    public readonly kind: RateKind,
    /** Requests in the window. */
    public readonly limit: number,
    /** The sliding window. */
    public readonly window: Duration = Duration.minutes(5),
    /** The operation counted, for a rate on a path. */
    public readonly operation?: EdgeOperation,
    /** The header counted by, for a rate on a path. */
    public readonly byHeader?: string,
  ) {}
}
