import { itemReader, type ReadItem } from '../../shared/item-reader';
import { CertificateGate } from '../certificate/certificate-gate';
import { CertificateRules } from '../certificate/certificate-rules';
import { ClientCertificateVerifier } from '../certificate/client-certificate-verifier';
import type { StoresMaker, Surroundings, VerifierMaker } from '../compose';
import { makeLimits } from '../limits/make-limits';
import { ApiKeyVerifier } from './api-key-verifier';
import { RememberedItems } from './remembered-items';
import { toStoredKey } from './stored-key';
import { Tenants, toStoredTenant } from './tenants';

export const makeApiKeyVerifier: VerifierMaker<'apiKey'> = (scheme, surroundings) => {
  const { configuration, now } = surroundings;
  const millis = configuration.revokeWithinSeconds * 1000;
  return new ApiKeyVerifier(scheme, new RememberedItems(reader(surroundings), toStoredKey, millis, now), now);
};

export const makeClientCertificateVerifier: VerifierMaker<'clientCertificate'> = (scheme, surroundings) => {
  const { configuration, now } = surroundings;
  const revoked = configuration.table === undefined ? undefined : revokedCertificates(surroundings);
  return new ClientCertificateVerifier(scheme, revoked, now);
};

/** Undefined where the domain demands no certificate. */
function makeCertificateGate(surroundings: Surroundings): CertificateGate | undefined {
  const { configuration, now } = surroundings;
  const { mutualTls } = configuration;
  if (!mutualTls) return undefined;

  const revoked = mutualTls.revocations ? revokedCertificates(surroundings) : undefined;
  return new CertificateGate(new CertificateRules(mutualTls.allowedSubjects, revoked, now));
}

function revokedCertificates(surroundings: Surroundings): RememberedItems<true> {
  const { configuration, now } = surroundings;
  const millis = configuration.revokeWithinSeconds * 1000;
  return new RememberedItems(reader(surroundings), () => true as const, millis, now);
}

export const makeStores: StoresMaker = (surroundings) => {
  const { configuration, now } = surroundings;
  const { tenants, revokeWithinSeconds } = configuration;
  return {
    limiting: makeLimits(surroundings),
    certificates: makeCertificateGate(surroundings),
    ...(tenants && {
      tenants: new Tenants(
        new RememberedItems(reader(surroundings), toStoredTenant, revokeWithinSeconds * 1000, now),
        tenants.unknownTier,
      ),
    }),
  };
};

function reader({ configuration: { table } }: Surroundings): ReadItem {
  if (table === undefined) throw new Error('the configuration names no table');
  return itemReader(table);
}
