import type { RateLimit } from '../../../lib/protocol/limits';
import type { AuthorizerRequest } from '../authorizer-request';
import { Memory } from '../memory';
import { type Gcra, type Taken, waitAfter } from './gcra';
import type { GuardedStore } from './guarded-store';
import { limitKey, networkOf } from './limit-key';

/** Addresses one instance remembers. */
const REMEMBERED_ADDRESSES = 10_000;

/** How long an address that was found innocent is not asked about again. */
const TRUSTED_MILLIS = 10_000;

interface Standing {
  readonly blocked: boolean;
  /** Milliseconds. */
  readonly until: number;
}

type Subject = Pick<AuthorizerRequest, 'apiId' | 'sourceIp'>;

/**
 * Turns away addresses that failed to authenticate too often, before anything is done for their credential.
 *
 * All instances count together. An instance asks about an address once in ten seconds, so that a guess too many
 * gets through no longer than that. A store that is down blocks nobody.
 */
export class FailureGuard {
  private readonly standings = new Memory<Standing>(REMEMBERED_ADDRESSES);
  private readonly gcra: Gcra;

  constructor(
    private readonly store: GuardedStore,
    { limit, perSeconds }: RateLimit,
    /** Milliseconds. */
    private readonly now: () => number,
  ) {
    // all of them may come at once: people mistype in a row
    const interval = Math.ceil((perSeconds * 1_000_000) / limit);
    this.gcra = { interval, tolerance: interval * (limit - 1) };
  }

  /** Whether the request's address is turned away. */
  public async isBlocked(subject: Subject): Promise<boolean> {
    const key = this.keyOf(subject);
    const known = this.standings.get(key);
    if (known && this.now() < known.until) return known.blocked;

    const arrival = await this.store.peek(key);
    const now = this.now() * 1_000;
    return this.remember(key, { admitted: false, arrival: arrival ?? now, now });
  }

  /** Counts a failure. */
  public async count(subject: Subject): Promise<void> {
    const key = this.keyOf(subject);
    const taken = await this.store.take(key, this.gcra);
    if (taken) this.remember(key, taken);
  }

  private remember(key: string, taken: Taken): boolean {
    const waitMillis = waitAfter(this.gcra, taken) / 1_000;
    const blocked = waitMillis > 0;
    this.standings.set(key, { blocked, until: this.now() + (blocked ? waitMillis : TRUSTED_MILLIS) });
    return blocked;
  }

  private keyOf({ apiId, sourceIp }: Subject): string {
    return limitKey(apiId, '', 'failures', networkOf(sourceIp));
  }
}
