import type { JwtConfiguration } from '../../../lib/protocol/authorizer-configuration';
import { fetchDocument } from '../../shared/https-document';
import { type FetchedKeySet, fetchKeySet } from './fetch-key-set';

/** An issuer's keys, by HTTPS. */
export function fetchKeys(issuer: JwtConfiguration): Promise<FetchedKeySet> {
  return fetchKeySet(issuer, fetchDocument);
}
