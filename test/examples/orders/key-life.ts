import type { NewKey } from '../../../lib/keys/api-keys';
import type { Machines } from './machines';
import type { Deed, Stop } from './tour';

/** How long a revoked key may still work at the tour's gateway: a tour is not to last half a minute. */
export const REVOKE_WITHIN_SECONDS = 1;

const OVERLAP_SECONDS = 86_400;

/** The life of one API key as `secure-api-gateway keys` leads it, each command followed by what callers see of it. */
export function keyLife({ keys, shown }: Pick<Machines, 'keys' | 'shown'>): readonly (Deed | Stop)[] {
  let old: NewKey | undefined;
  let successor: NewKey | undefined;
  const shipments = (whose: () => NewKey | undefined) => ({
    method: 'GET',
    path: '/shipments?carrier=Royal%20Mail',
    headers: () => ({ 'X-Api-Key': whose()?.key ?? '' }),
  });
  const served = { status: 200, stage: 'service' };
  const idOf = (key: NewKey | undefined) => key?.id ?? '';

  return [
    {
      command: 'keys create',
      shows: 'a key is made, and shown once',
      run: async () => {
        old = await keys.create({ tenant: 'forwarder', scopes: ['shipments:read'] });
        shown.push(old.key);
      },
    },
    { ...served, shows: 'key that was just made', ...shipments(() => old) },
    {
      command: 'keys rotate --overlap 24h',
      shows: 'it gets a successor',
      run: async () => {
        successor = await keys.rotate(idOf(old), OVERLAP_SECONDS);
        shown.push(successor.key);
      },
    },
    { ...served, shows: 'rotated key, in its overlap', ...shipments(() => old) },
    { ...served, shows: 'its successor', ...shipments(() => successor) },
    {
      command: 'keys revoke',
      shows: 'the old one ends before its time',
      run: async () => {
        await keys.revoke(idOf(old));
      },
    },
    {
      shows: `revoked key, ${REVOKE_WITHIN_SECONDS} s later at most`,
      ...shipments(() => old),
      withinMillis: REVOKE_WITHIN_SECONDS * 1_000,
      status: 401,
      stage: 'authentication',
    },
    { ...served, shows: 'its successor goes on', ...shipments(() => successor) },
  ];
}
