import { type ApiKeyParts, formatApiKey, hashApiKey } from '../protocol/api-key';
import { type KeyItem, keyItemId } from '../protocol/key-table';
import { keyError } from './key-error';
import { checkKeyId } from './key-id';
import { checkOrder, type KeyOrder } from './key-order';
import type { KeyRecord } from './key-record';
import type { KeyTable } from './key-table';
import { randomText } from './random-text';

const DAY = 86_400;

/** Expiry of a key for which nothing else is said. */
export const DEFAULT_EXPIRY_SECONDS = 90 * DAY;

/** How long a dead key's item stays, so that an investigation can still name its owner. */
export const RETENTION_SECONDS = 365 * DAY;

/** A half-made rotation is forgotten by itself. */
const PENDING_SECONDS = DAY;

export interface ApiKeysOptions {
  readonly table: KeyTable;
  readonly prefix: string;
  readonly environment: string;
  /** Tiers that a key may be given; any where undefined. */
  readonly tiers?: readonly string[];
  /** Seconds of Unix time. */
  readonly now: () => number;
}

/** A key just made. The secret is shown once: the store has its hash only. */
export interface NewKey {
  readonly id: string;
  readonly key: string;
  readonly expiresAt?: number;
}

/** The life of API keys. */
export class ApiKeys {
  constructor(private readonly options: ApiKeysOptions) {}

  public async create(order: KeyOrder): Promise<NewKey> {
    checkOrder(order);
    this.checkTier(order.tier);
    const { expiresInSeconds = DEFAULT_EXPIRY_SECONDS, ...grant } = order;
    const expiresAt = expiresInSeconds === null ? undefined : this.options.now() + expiresInSeconds;

    return this.add({ ...grant, ...(await this.planOf(grant)), expiresAt }, 'active');
  }

  /**
   * Makes a successor of key `id`; the old one works for `overlapSeconds` more.
   *
   * The successor stands as `pending`, then the old key names it, then it becomes active: whoever names it first
   * wins, and a crash in between leaves a key that does not work and that the next rotation replaces.
   *
   * @throws GatewayConfigurationError if there is no such working key, or somebody else rotated it.
   */
  public async rotate(id: string, overlapSeconds: number): Promise<NewKey> {
    const { table, now } = this.options;
    const old = await this.working(id);
    const halfMade = await this.abandonHalfMade(old);

    const { tenant, tier, planKey, activeAfter, scopes, roles, cidrs, limit } = old;
    // a half-made rotation has shortened the old key's life, but not its successor's
    const lifetime = lifetimeOf(halfMade ?? old);
    const successor = await this.add(
      {
        ...{ tenant, tier, planKey, activeAfter, scopes, roles, cidrs, limit },
        replaces: id,
        expiresAt: lifetime === undefined ? undefined : now() + lifetime,
      },
      'pending',
    );

    const end = Math.min(now() + overlapSeconds, old.expiresAt ?? Number.POSITIVE_INFINITY);
    const named = await table.change(id, {
      set: { replacedBy: successor.id, expiresAt: end, deleteAfter: end + RETENTION_SECONDS },
      when: { status: 'active', replacedBy: old.replacedBy },
    });
    const activated =
      named &&
      (await table.change(successor.id, {
        set: { status: 'active' },
        ...(successor.expiresAt === undefined && { remove: ['deleteAfter'] }),
        when: { status: 'pending' },
      }));
    if (!activated) throw rotatedByOther(id);
    return successor;
  }

  /** @throws GatewayConfigurationError if there is no such key, or it is revoked already. */
  public async revoke(id: string): Promise<KeyRecord> {
    const { table, now } = this.options;
    const key = await this.show(id);
    if (key.status === 'revoked') {
      throw keyError('ALREADY_REVOKED', id, 'this key is revoked already', 'nothing needs to be done');
    }

    const revoked = await table.change(id, {
      set: { status: 'revoked', deleteAfter: now() + RETENTION_SECONDS },
      when: { status: key.status },
    });
    if (!revoked)
      throw keyError('KEY_CHANGED', id, 'somebody changed this key just now', 'look at it, and try again');
    return { ...key, status: 'revoked' };
  }

  /** @throws GatewayConfigurationError if there is no such key. */
  public async show(id: string): Promise<KeyRecord> {
    checkKeyId(id);
    const key = await this.options.table.find(id);
    if (key) return key;
    throw keyError(
      'NO_SUCH_KEY',
      JSON.stringify(id),
      `there is no key of this id in table ${this.options.table.name}`,
      "give a key's 12-character id as `keys list` shows it",
    );
  }

  /** A page at a time; with `expiringWithinSeconds` the active ones that expire by then. */
  public async *list(query: {
    readonly tenant?: string;
    readonly expiringWithinSeconds?: number;
  }): AsyncGenerator<readonly KeyRecord[]> {
    const { tenant, expiringWithinSeconds } = query;
    const now = this.options.now();
    for await (const page of this.options.table.pages(tenant)) {
      yield expiringWithinSeconds === undefined
        ? page
        : page.filter((key) => isExpiring(key, now, now + expiringWithinSeconds));
    }
  }

  /** A key of a tier that no gateway has would be answered with 500, and sound alarms. */
  private checkTier(tier: string | undefined): void {
    const { tiers } = this.options;
    if (tier === undefined || tiers === undefined || tiers.includes(tier)) return;
    throw keyError(
      'NO_SUCH_TIER',
      JSON.stringify(tier),
      `the gateway's tiers are ${tiers.join(', ')}`,
      "take one of them; for a tier of another stack's gateway name the table by --table",
    );
  }

  /** A key of its tenant's tier carries the tenant's plan key; one of another tier shares that tier's. */
  private async planOf({ tenant, tier }: Pick<KeyOrder, 'tenant' | 'tier'>) {
    const owner = await this.options.table.tenants.find(tenant);
    if (!owner || (tier !== undefined && tier !== owner.tier)) return {};
    return { tier: owner.tier, planKey: owner.planKey, activeAfter: owner.activeAfter };
  }

  private async working(id: string): Promise<KeyRecord> {
    const key = await this.show(id);
    if (key.status === 'active' && (key.expiresAt ?? Number.POSITIVE_INFINITY) > this.options.now())
      return key;
    throw keyError('KEY_NOT_WORKING', id, `this key is ${stateOf(key)}`, 'create a new one for its tenant');
  }

  /** A successor that never became active is made impossible; one that is active means somebody was first. */
  private async abandonHalfMade({ id, replacedBy }: KeyRecord): Promise<KeyRecord | undefined> {
    if (replacedBy === undefined) return undefined;
    const { table } = this.options;
    const half = await table.find(replacedBy);
    if (half && half.status !== 'pending') throw rotatedByOther(id);
    if (
      half &&
      !(await table.change(replacedBy, { set: { status: 'revoked' }, when: { status: 'pending' } }))
    ) {
      throw rotatedByOther(id);
    }
    return half;
  }

  private async add(grant: Omit<KeyItem, Made>, status: KeyItem['status']): Promise<NewKey> {
    const { table, prefix, environment, now } = this.options;
    const parts: ApiKeyParts = { prefix, environment, id: randomText(12), secret: randomText(32) };
    const key = formatApiKey(parts);
    const { expiresAt } = grant;
    const item: KeyItem = {
      ...grant,
      pk: keyItemId(parts.id),
      hash: hashApiKey(key),
      status,
      createdAt: now(),
      deleteAfter:
        expiresAt === undefined
          ? status === 'pending'
            ? now() + PENDING_SECONDS
            : undefined
          : expiresAt + RETENTION_SECONDS,
    };
    // 62^12 ids: that one is taken means that the source of randomness is broken
    if (!(await table.add(item))) throw new Error('a random id was taken already');
    return { id: parts.id, key, ...(expiresAt !== undefined && { expiresAt }) };
  }
}

type Made = 'pk' | 'hash' | 'status' | 'createdAt' | 'deleteAfter' | 'replacedBy';

function isExpiring({ status, expiresAt }: KeyRecord, from: number, until: number): boolean {
  return status === 'active' && expiresAt !== undefined && expiresAt > from && expiresAt <= until;
}

function lifetimeOf({ expiresAt, createdAt }: KeyRecord): number | undefined {
  return expiresAt === undefined ? undefined : expiresAt - createdAt;
}

function stateOf({ status }: KeyRecord): string {
  return status === 'active' ? 'expired' : status;
}

function rotatedByOther(id: string) {
  return keyError(
    'ALREADY_ROTATED',
    id,
    'this key has a successor already',
    'rotate the successor that `keys show` names, or revoke it and create a new key',
  );
}
