import type { Certainty } from '../finding';
import type { Resource } from '../model/template';

/** Where a way begins. */
export type Origin =
  /** Anyone. */
  | 'internet'
  /** Addresses within the network, or connected to it. */
  | 'network'
  /** Whoever carries a security group. */
  | 'group'
  /** Another API. */
  | 'api'
  /** Principals of AWS: accounts, roles, services. */
  | 'principal'
  /** What the templates do not tell. */
  | 'unknown';

/** One way into a resource. */
export interface Door {
  readonly origin: Origin;
  readonly certainty: Certainty;
  /** How it opens, for a person. */
  readonly how: string;
  /** Where the templates show it. */
  readonly shownBy: Resource;
  readonly location: string;
  /** What stands before the door: its own doors lead here too. */
  readonly through?: Resource;
}

export function certain(door: Omit<Door, 'certainty'>): Door {
  return { certainty: 'certain', ...door };
}

export function unknown(door: Omit<Door, 'certainty' | 'origin'>): Door {
  return { origin: 'unknown', certainty: 'unknown', ...door };
}
