import type { JwtConfiguration } from '../../../lib/protocol/authorizer-configuration';
import type { FetchedDocument } from '../../shared/https-document';
import { isJsonObject } from './json-object';

const MINUTE = 60_000;
const SHORTEST_LIFE = 5 * MINUTE;
const USUAL_LIFE = 60 * MINUTE;
const LONGEST_LIFE = 6 * 60 * MINUTE;
/** For discovery and key set together; longer than any request waits for them, for issuers that are far away. */
const TIME_LIMIT_MILLIS = 5_000;
const MAXIMUM_KEYS = 100;

/** Fetches a JSON document by HTTPS; `deadline` in milliseconds from now. */
export type KeySource = (url: string, timeLimitMillis: number) => Promise<FetchedDocument>;

export interface FetchedKeySet {
  readonly document: unknown;
  /** How long the keys are taken for current. */
  readonly freshMillis: number;
}

/** The issuer's keys, from where the configuration or the issuer's discovery document says. */
export async function fetchKeySet(
  configuration: Pick<JwtConfiguration, 'issuer' | 'jwksUri' | 'discoveryUri'>,
  fetchDocument: KeySource,
): Promise<FetchedKeySet> {
  const started = performance.now();
  const url = configuration.jwksUri ?? (await discover(configuration, fetchDocument));
  const { json, maximumAgeSeconds } = await fetchDocument(
    url,
    TIME_LIMIT_MILLIS - (performance.now() - started),
  );

  if (!isJsonObject(json) || !Array.isArray(json['keys']) || json['keys'].length > MAXIMUM_KEYS) {
    throw new Error(`answer of ${url} is no key set of at most ${MAXIMUM_KEYS} keys`);
  }
  const life = maximumAgeSeconds === undefined ? USUAL_LIFE : maximumAgeSeconds * 1000;
  return { document: json, freshMillis: Math.min(Math.max(life, SHORTEST_LIFE), LONGEST_LIFE) };
}

// OpenID Connect Discovery 1.0 section 4.3: a document that speaks for another issuer proves nothing
async function discover(
  { issuer, discoveryUri }: Pick<JwtConfiguration, 'issuer' | 'discoveryUri'>,
  fetchDocument: KeySource,
): Promise<string> {
  const url = discoveryUri ?? `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const { json } = await fetchDocument(url, TIME_LIMIT_MILLIS);
  if (!isJsonObject(json) || json['issuer'] !== issuer)
    throw new Error(`discovery document of ${url} is of another issuer`);

  const { jwks_uri: jwksUri } = json;
  if (typeof jwksUri !== 'string') throw new Error(`discovery document of ${url} names no jwks_uri`);
  return jwksUri;
}
