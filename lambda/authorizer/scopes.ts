import type { Caller } from './caller';
import { Forbidden } from './refused';

/** Every scope demanded must be among the caller's. */
export function requireScopes(demanded: readonly string[], { scopes, credentialId }: Caller): void {
  for (const scope of demanded) {
    if (!scopes.includes(scope)) throw new Forbidden('MISSING_SCOPE', credentialId);
  }
}
