import type { Agent } from 'node:https';
import { exchange } from './https-exchange';

const MAXIMUM_BYTES = 256 * 1024;
const JSON_TYPES = /^application\/(?:[a-z0-9.-]+\+)?json$/;

export interface FetchedDocument {
  readonly json: unknown;
  /** `max-age` of the answer, if it says one. */
  readonly maximumAgeSeconds?: number;
}

/** Fetches a JSON document: status 200, a JSON type, at most 256 KB. */
export async function fetchDocument(
  url: string,
  timeLimitMillis: number,
  agent?: Agent,
): Promise<FetchedDocument> {
  const headers = { accept: 'application/json' };
  const answer = await exchange({ url, headers, timeLimitMillis, maximumBytes: MAXIMUM_BYTES, agent });
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);

  const type = String(answer.headers['content-type'] ?? '').split(';', 1)[0] ?? '';
  if (!JSON_TYPES.test(type.trim().toLowerCase()))
    throw new Error(`${url} answered with another type than JSON`);
  return { json: parse(url, answer.body), maximumAgeSeconds: maximumAge(answer.headers['cache-control']) };
}

// the parser's own message would quote the document
function parse(url: string, body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Error(`${url} did not answer JSON`);
  }
}

function maximumAge(header: string | string[] | undefined): number | undefined {
  const seconds = /(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])/i.exec(String(header ?? ''))?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
