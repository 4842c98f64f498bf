import type { JwtConfiguration } from '../../../lib/protocol/authorizer-configuration';
import type { FetchedKeySet } from './fetch-key-set';
import { KeySet } from './key-set';

const MINUTE = 60_000;
/** Keys serve this long after they were fetched, whatever happens to the issuer. */
export const LAST_GOOD_MILLIS = 24 * 60 * MINUTE;
/** Unknown keys and failed refreshes are asked for again no sooner. */
export const RETRY_MILLIS = 30_000;
/** The same where there are no keys at all to serve with. */
export const RETRY_WITHOUT_KEYS_MILLIS = 1_000;
/** A request that waits for keys must be answered within a second; the keys may come for the next one. */
const WAIT_MILLIS = 800;
/** Part of their life after which keys are refreshed in the background. */
const REFRESH_AFTER = 0.8;
/** No fetch takes as long (fetch-key-set): the function was frozen meanwhile. */
const LONGEST_FETCH_MILLIS = 5_500;

export interface IssuerKeysDependencies {
  readonly fetchKeys: () => Promise<FetchedKeySet>;
  /** Milliseconds. */
  readonly now: () => number;
  /** Told of every fetch that failed. */
  readonly onFailure?: (issuer: string, error: unknown) => void;
}

const UNANSWERED = new Error(`no answer within ${WAIT_MILLIS} ms, and then none before the next attempt`);

/** A fetch that is under way, or was when the function was frozen. */
interface Fetching {
  readonly since: number;
  /** By a request. */
  isAwaited: boolean;
}

/** Thrown where there is nothing to verify with: our failure, not the caller's. */
export class KeysUnavailable extends Error {
  public override readonly name = 'KeysUnavailable';
}

/** The keys of one issuer: fetched when needed, kept within bounds, refreshed before they grow old. */
export class IssuerKeys {
  private keySet?: KeySet;
  private fetchedAt = Number.NEGATIVE_INFINITY;
  private freshMillis = 0;
  private lastAttempt = Number.NEGATIVE_INFINITY;
  private fetching?: Fetching;
  private pending = Promise.resolve();
  private wasCutOff = false;
  private readonly listeners: (() => void)[] = [];

  constructor(
    private readonly configuration: Pick<JwtConfiguration, 'issuer'>,
    private readonly dependencies: IssuerKeysDependencies,
    snapshot?: { readonly keys: unknown; readonly fetchedAt: number },
  ) {
    if (snapshot === undefined) return;
    this.keySet = new KeySet(snapshot);
    this.fetchedAt = Math.min(snapshot.fetchedAt, dependencies.now());
  }

  /** Called whenever other keys take the place of these. */
  public onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  private areUsable(age = this.age()): boolean {
    if (age >= this.freshMillis * REFRESH_AFTER) this.refreshInBackground();
    return this.keySet !== undefined && age < LAST_GOOD_MILLIS;
  }

  /** Whether they may be verified with at once, and so may what was verified with them before. */
  public areCurrent(): boolean {
    const age = this.age();
    return this.areUsable(age) && !this.isStale(age) && !this.isCutOff();
  }

  /** Starts fetching, unless there are keys to begin with. */
  public prepare(): void {
    if (this.keySet === undefined) this.refresh();
  }

  /** The keys to verify with, at once where possible. They may still not hold the one asked for. */
  public find(kid: string | undefined, algorithm: string): KeySet | Promise<KeySet> {
    const { keySet } = this;
    const age = this.age();
    const usable = this.areUsable(age);
    const current = !this.isStale(age) && !this.isCutOff();
    if (usable && keySet && current && keySet.candidates(kid, algorithm).length > 0) return keySet;
    if (usable && keySet && !this.mayFetch() && this.underWay() === undefined) return keySet;
    return this.refreshed();
  }

  private age(): number {
    return this.dependencies.now() - this.fetchedAt;
  }

  // keys baked in are not stale: they are what the function starts with
  private isStale(age: number): boolean {
    return this.freshMillis > 0 && age >= this.freshMillis;
  }

  private underWay(): Fetching | undefined {
    const { fetching } = this;
    return fetching && this.dependencies.now() - fetching.since < LONGEST_FETCH_MILLIS ? fetching : undefined;
  }

  /**
   * A function is frozen as soon as it has answered, or started: a fetch that no request waits for may never come to
   * its end, which says nothing of the issuer. The next request that needs keys waits for one.
   */
  private isCutOff(): boolean {
    return this.wasCutOff || this.isLeftBehind();
  }

  private isLeftBehind(): boolean {
    return this.fetching?.isAwaited === false && this.underWay() === undefined;
  }

  private mayFetch(): boolean {
    if (this.isCutOff()) return true;
    const isServing = this.keySet !== undefined && this.age() < LAST_GOOD_MILLIS;
    const interval = isServing ? RETRY_MILLIS : RETRY_WITHOUT_KEYS_MILLIS;
    return this.dependencies.now() - this.lastAttempt >= interval;
  }

  private refreshInBackground(): void {
    if (this.underWay() === undefined && this.mayFetch()) this.refresh(new Promise(setImmediate));
  }

  private async refreshed(): Promise<KeySet> {
    if (this.underWay() === undefined && this.mayFetch()) this.refresh();
    const fetching = this.underWay();
    if (fetching) {
      fetching.isAwaited = true;
      await noLongerThan(WAIT_MILLIS, this.pending);
      // waited for in vain: that is the issuer's doing, and no other request is to wait for it
      if (this.fetching === fetching) this.wasCutOff = false;
    }

    const { keySet } = this;
    if (keySet === undefined || !this.areUsable()) {
      throw new KeysUnavailable(`no usable keys of issuer ${this.configuration.issuer}`);
    }
    return keySet;
  }

  /** One fetch, whoever waits for it; never rejects. In the background it lets the request at hand go first. */
  private refresh(turn: Promise<unknown> = Promise.resolve()): void {
    this.wasCutOff = this.isCutOff();
    // it may never come to its end, and then nobody else tells
    if (this.fetching?.isAwaited) this.dependencies.onFailure?.(this.configuration.issuer, UNANSWERED);
    this.lastAttempt = this.dependencies.now();
    const fetching = { since: this.lastAttempt, isAwaited: false };
    this.fetching = fetching;
    this.pending = turn
      .then(() => this.fetch(fetching))
      .finally(() => {
        if (this.fetching === fetching) this.fetching = undefined;
      });
  }

  private async fetch(fetching: Fetching): Promise<void> {
    try {
      const { document, freshMillis } = await this.dependencies.fetchKeys();
      if (this.fetching !== fetching) return;
      const keySet = new KeySet(document);
      if (keySet.size === 0) throw new Error('key set holds no usable key');
      this.keySet = keySet;
      this.fetchedAt = this.dependencies.now();
      this.freshMillis = freshMillis;
      this.wasCutOff = false;
      for (const listener of this.listeners) listener();
    } catch (error) {
      if (this.fetching !== fetching) return;
      this.wasCutOff = this.isLeftBehind();
      if (!this.wasCutOff) this.dependencies.onFailure?.(this.configuration.issuer, error);
    }
  }
}

function noLongerThan(millis: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, millis);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
