import type { IdentityProvider } from '../../../lib/local/identity-provider';

/** Credentials of the people of the sample. */
export interface People {
  readonly alice: string;
  readonly admin: string;
  /** Alice's, out of date. */
  readonly expired: string;
  /** Alice's, for another service. */
  readonly foreign: string;
}

/** Scopes of the sample's document. */
export const SCOPES = ['orders:read', 'orders:write', 'shipments:read'];

/** Signs the people of the sample in. */
export async function signIn(provider: IdentityProvider): Promise<People> {
  const alice = { subject: 'alice', scopes: ['orders:read', 'orders:write'] };
  return {
    alice: await provider.token(alice),
    admin: await provider.token({ ...alice, subject: 'root', claims: { roles: ['admin'] } }),
    expired: await provider.token({ ...alice, lifetimeSeconds: -60 }),
    foreign: await provider.token({ ...alice, audience: 'billing' }),
  };
}
