import type { Agent } from 'node:https';
import { exchange } from '../shared/https-exchange';

const TIME_LIMIT_MILLIS = 20_000;
const MAXIMUM_BYTES = 5 * 1024 * 1024;

export interface FetchOptions {
  readonly agent?: Agent;
  readonly timeLimitMillis?: number;
}

/** Some hosts of lists refuse who does not say who asks. */
const USER_AGENT = 'cdk-secure-api-gateway threat-feed';

/**
 * Fetches a feed as text: status 200, nothing compressed, whole, within limits of size and time. Redirects are not
 * followed, so that no feed can send the function to an address of its choice.
 */
export async function fetchFeed(
  url: string,
  { agent, timeLimitMillis = TIME_LIMIT_MILLIS }: FetchOptions = {},
): Promise<string> {
  const { status, headers, body } = await exchange({
    url,
    headers: { 'user-agent': USER_AGENT },
    timeLimitMillis,
    maximumBytes: MAXIMUM_BYTES,
    agent,
  });
  if (status !== 200) throw new Error(`answered ${status}`);
  const encoding = String(headers['content-encoding'] ?? 'identity');
  if (encoding !== 'identity') throw new Error(`answered in ${encoding}, which was not asked for`);
  // an answer that ends with its connection may have been cut off anywhere
  if (headers['content-length'] === undefined && !isChunked(headers)) {
    throw new Error('answered without saying where its answer ends');
  }

  return new TextDecoder('utf-8', { fatal: true }).decode(body);
}

function isChunked(headers: Readonly<Record<string, unknown>>): boolean {
  return String(headers['transfer-encoding'] ?? '').toLowerCase() === 'chunked';
}
