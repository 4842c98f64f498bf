import type { Caller } from './caller';
import { Forbidden } from './refused';

/** One of the roles demanded must be among the caller's. */
export function requireRole(demanded: readonly string[] | undefined, { roles, credentialId }: Caller): void {
  if (demanded === undefined || demanded.some((role) => roles.includes(role))) return;

  throw new Forbidden('MISSING_ROLE', credentialId);
}
