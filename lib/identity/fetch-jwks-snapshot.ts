import { GatewayConfigurationError } from '../errors';

const TIME_LIMIT_MILLIS = 10_000;
const MAXIMUM_BYTES = 256 * 1024;
const WELL_KNOWN = '/.well-known/openid-configuration';

export interface FetchJwksOptions {
  readonly issuer: string;
  /** @default - as the issuer's discovery document says */
  readonly jwksUri?: string;
  /** @default - the global `fetch` */
  readonly fetch?: typeof fetch;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** The keys of an issuer as they are now, as `JwksSnapshot.fromFile()` reads them. */
export interface FetchedSnapshot {
  readonly issuer: string;
  readonly fetchedAt: number;
  readonly keys: readonly unknown[];
}

/** Fetches an issuer's keys, by HTTPS, from where it says itself; public keys only are kept. */
export async function fetchJwksSnapshot({
  issuer,
  jwksUri,
  fetch: get = fetch,
  now = Date.now,
}: FetchJwksOptions): Promise<FetchedSnapshot> {
  const url = jwksUri ?? (await discover(issuer, get));
  const { keys } = await fetchJson(url, get);
  if (!Array.isArray(keys) || keys.length === 0) throw unusable(url, 'answered no keys');
  if (keys.some(isSecret)) throw unusable(url, 'publishes a private or symmetric key');
  return { issuer, fetchedAt: now(), keys };
}

async function discover(issuer: string, get: typeof fetch): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}${WELL_KNOWN}`;
  const document = await fetchJson(url, get);
  if (document['issuer'] !== issuer) {
    throw unusable(url, `speaks for another issuer, ${JSON.stringify(document['issuer'])}`);
  }
  if (typeof document['jwks_uri'] !== 'string') throw unusable(url, "names no 'jwks_uri'");
  return document['jwks_uri'];
}

async function fetchJson(url: string, get: typeof fetch): Promise<Readonly<Record<string, unknown>>> {
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') throw unusable(url, 'is not an https URL');
  try {
    const answer = await get(url, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIME_LIMIT_MILLIS),
    });
    if (answer.status !== 200) throw new Error(`it answered ${answer.status}`);
    const document: unknown = JSON.parse(await limitedText(answer));
    if (isObject(document)) return document;
    throw new Error('it is no JSON object');
  } catch (error) {
    const { cause } = error instanceof Error ? error : {};
    throw unusable(url, `cannot be read: ${cause instanceof Error ? cause.message : String(error)}`);
  }
}

async function limitedText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MAXIMUM_BYTES) throw new Error(`it is longer than ${MAXIMUM_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSecret = (key: unknown) => isObject(key) && ('d' in key || 'k' in key);

function unusable(url: string, message: string): GatewayConfigurationError {
  return new GatewayConfigurationError([
    {
      code: 'JWKS_UNAVAILABLE',
      at: url,
      message,
      remedy: "check the issuer's name, or say where its keys are with --jwks-uri",
    },
  ]);
}
