import { isUtf8 } from 'node:buffer';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The object that UTF-8 bytes say in JSON; undefined where they say anything else. */
export function jsonObject(bytes: Buffer): JsonObject | undefined {
  const text = bytes.toString('utf8');
  // the decoder writes U+FFFD for what is no UTF-8; rarely anyone means it
  if (text.includes('\ufffd') && !isUtf8(bytes)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
