import type { RequestRecord } from './logs/request-record';

const KEEP = 2_000;

/** The newest records of every gateway in this process, so that a response leads to its record. */
const records = new Map<string, RequestRecord>();

export function registerRecord(record: RequestRecord): void {
  records.set(record.requestId, record);
  if (records.size <= KEEP) return;

  const oldest = records.keys().next().value;
  if (oldest !== undefined) records.delete(oldest);
}

/** The record of the request that this response of a local gateway answers. */
export function recordOf(response: { readonly headers: Headers }): RequestRecord | undefined {
  return records.get(response.headers.get('x-amzn-requestid') ?? '');
}
