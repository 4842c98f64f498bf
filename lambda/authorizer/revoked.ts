import { CREDENTIAL_METRICS } from '../../lib/protocol/metrics';
import { Unauthenticated } from './refused';

/** Whoever brings it has its secret: what is revoked is looked at only after the rest was proved. */
export function revoked(credentialId: string): Unauthenticated {
  return new Unauthenticated('REVOKED', credentialId, { [CREDENTIAL_METRICS.revokedUsed]: 1 });
}
