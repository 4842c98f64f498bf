import type { ThrottleModel } from '../model/api';

/** Lets `burst` requests through at once and `rate` a second after that. */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  constructor(
    private readonly throttle: ThrottleModel,
    private readonly now: () => number,
  ) {
    this.tokens = throttle.burst;
    this.filledAt = now();
  }

  public take(): boolean {
    const { rate, burst } = this.throttle;
    // zero means zero (aws-facts 13.5)
    if (rate === 0 || burst === 0) return false;

    const now = this.now();
    const gained = (Math.max(0, now - this.filledAt) / 1000) * rate;
    this.tokens = Math.min(burst, this.tokens + gained);
    this.filledAt = now;
    if (this.tokens < 1) return false;

    this.tokens -= 1;
    return true;
  }
}

/** One bucket a name, made at its first use. */
export class TokenBuckets {
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(private readonly now: () => number) {}

  public take(name: string, throttle: ThrottleModel): boolean {
    const bucket = this.buckets.get(name) ?? new TokenBucket(throttle, this.now);
    this.buckets.set(name, bucket);
    return bucket.take();
  }
}
