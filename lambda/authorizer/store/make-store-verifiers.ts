import { itemReader, type ReadItem } from '../../shared/item-reader';
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
  const millis = configuration.revokeWithinSeconds * 1000;
  const revoked =
    configuration.table === undefined
      ? undefined
      : new RememberedItems(reader(surroundings), () => true as const, millis, now);
  return new ClientCertificateVerifier(scheme, revoked, now);
};

export const makeStores: StoresMaker = (surroundings) => {
  const { configuration, now } = surroundings;
  const { tenants, revokeWithinSeconds } = configuration;
  return {
    limiting: makeLimits(surroundings),
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
