import type { SetReference } from '../../lib/protocol/threat-feed';
import { type AwsCall, AwsCallError } from '../shared/aws-call';

const ATTEMPTS = 6;
const FIRST_PAUSE_MILLIS = 200;

/** AWS WAF's IP sets, each written as a whole under a lock that tells whether another writer was faster. */
export class IpSets {
  constructor(
    private readonly call: AwsCall,
    private readonly pause: (millis: number) => Promise<unknown>,
  ) {}

  public async read({ name, id }: SetReference): Promise<{ addresses: readonly string[]; lock: unknown }> {
    const { IPSet, LockToken } = await this.call('GetIPSet', { Name: name, Id: id, Scope: 'REGIONAL' });
    const addresses = Object(IPSet)['Addresses'];
    if (!Array.isArray(addresses)) throw new Error(`the IP set ${name} has no addresses`);

    return { addresses: addresses.map(String), lock: LockToken };
  }

  /** Writes what `wanted` makes of the present addresses, unless that is what is there; tells whether it wrote. */
  public async write(
    set: SetReference,
    wanted: (present: readonly string[]) => readonly string[],
  ): Promise<boolean> {
    for (let attempt = 0; ; attempt += 1) {
      const { addresses, lock } = await this.read(set);
      const next = wanted(addresses);
      if (isSame(addresses, next)) return false;
      try {
        await this.call('UpdateIPSet', {
          Name: set.name,
          Id: set.id,
          Scope: 'REGIONAL',
          Addresses: next,
          LockToken: lock,
        });
        return true;
      } catch (error) {
        if (!isLocked(error) || attempt + 1 === ATTEMPTS) throw error;
        await this.pause(FIRST_PAUSE_MILLIS * 2 ** attempt);
      }
    }
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof AwsCallError && error.type === 'WAFOptimisticLockException';
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  const present = new Set(left);

  return present.size === new Set(right).size && right.every((address) => present.has(address));
}
