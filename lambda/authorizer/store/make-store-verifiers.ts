import { itemReader, type ReadItem } from '../../shared/item-reader';
import { ClientCertificateVerifier } from '../certificate/client-certificate-verifier';
import type { Surroundings, VerifierMaker } from '../compose';
import { ApiKeyVerifier } from './api-key-verifier';
import { RememberedItems } from './remembered-items';
import { toStoredKey } from './stored-key';

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

function reader({ configuration: { table } }: Surroundings): ReadItem {
  if (table === undefined) throw new Error('the configuration names no table');
  return itemReader(table);
}
