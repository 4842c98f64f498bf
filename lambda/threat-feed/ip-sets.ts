import type { SetReference } from '../../lib/protocol/threat-feed';
import { type AwsCall, AwsCallError } from '../shared/aws-call';

const ATTEMPTS = 6;
const FIRST_PAUSE_MILLIS = 200;

/** What a set is to hold, of what it holds. */
export type Wanted = (present: readonly string[]) => Promise<readonly string[]>;

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

  /**
   * Writes what `wanted` makes of the present addresses, unless that is what is there; tells whether it wrote.
   *
   * `wanted` is asked once the lock is at hand: what it reads then, no writer who was faster can have changed.
   */
  public async write(set: SetReference, wanted: Wanted): Promise<boolean> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const { addresses, lock } = await this.read(set);
        const next = await wanted(addresses);
        if (isSame(addresses, next)) return false;
        await this.call('UpdateIPSet', {
          Name: set.name,
          Id: set.id,
          Scope: 'REGIONAL',
          Addresses: next,
          LockToken: lock,
        });
        return true;
      } catch (error) {
        if (!isPassing(error) || attempt + 1 === ATTEMPTS) throw error;
        await this.pause(FIRST_PAUSE_MILLIS * 2 ** attempt);
      }
    }
  }
}

/** Another writer was faster, a set was made just now, or AWS WAF is asked too much. */
const PASSING: readonly string[] = [
  'WAFOptimisticLockException',
  'WAFUnavailableEntityException',
  'WAFInternalErrorException',
  'ThrottlingException',
];

function isPassing(error: unknown): boolean {
  return error instanceof AwsCallError && PASSING.includes(error.type);
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  const present = new Set(left);

  return present.size === new Set(right).size && right.every((address) => present.has(address));
}
