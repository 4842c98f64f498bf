import { createHash } from 'node:crypto';
import { type Json, listOf, objectOf, textOf } from '../template/read';
import type { WebAclRequest } from './index';

/** What of a request a log line shows. */
export interface ProtectedRequest {
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly args: string;
}

type Cover = (text: string) => string;

const REDACTED = 'REDACTED';

/** Covers what the web ACL's data protection and the log's redacted fields name. */
export function protectionOf(
  properties: Json,
  logging: Json,
  account: string,
): (request: WebAclRequest) => ProtectedRequest {
  const covers = coversOf(properties, account);
  for (const field of listOf(logging['RedactedFields'])) {
    const name = textOf(objectOf(objectOf(field)['SingleHeader'])['Name']);
    if (name !== undefined) covers.set(key('SINGLE_HEADER', name), () => REDACTED);
    if (objectOf(field)['QueryString']) covers.set(key('QUERY_STRING'), () => REDACTED);
  }

  return ({ headers, rawQuery }) => ({
    headers: headers.map(([name, value]) => ({ name, value: coveredHeader(covers, name, value) })),
    args: coveredArguments(covers, rawQuery),
  });
}

function coversOf({ DataProtectionConfig }: Json, account: string): Map<string, Cover> {
  const covers = new Map<string, Cover>();
  for (const protection of listOf(objectOf(DataProtectionConfig)['DataProtections']).map(objectOf)) {
    const { FieldType, FieldKeys } = objectOf(protection['Field']);
    const cover: Cover =
      protection['Action'] === 'HASH'
        ? (text) => createHash('sha256').update(`${account}${text}`).digest('base64')
        : () => REDACTED;
    const keys = listOf(FieldKeys).map(String);
    for (const name of keys.length > 0 ? keys : ['']) covers.set(key(textOf(FieldType) ?? '', name), cover);
  }

  return covers;
}

function coveredHeader(covers: ReadonlyMap<string, Cover>, name: string, value: string): string {
  const whole = covers.get(key('SINGLE_HEADER', name));
  if (whole) return whole(value);
  if (name.toLowerCase() !== 'cookie') return value;

  return value
    .split(';')
    .map((pair) => coveredPair(covers, 'SINGLE_COOKIE', pair))
    .join(';');
}

function coveredArguments(covers: ReadonlyMap<string, Cover>, rawQuery: string): string {
  const whole = covers.get(key('QUERY_STRING'));
  if (whole) return rawQuery === '' ? '' : whole(rawQuery);

  return rawQuery
    .split('&')
    .map((pair) => coveredPair(covers, 'SINGLE_QUERY_ARGUMENT', pair))
    .join('&');
}

function coveredPair(covers: ReadonlyMap<string, Cover>, type: string, pair: string): string {
  const separator = pair.indexOf('=');
  const name = (separator < 0 ? pair : pair.slice(0, separator)).trim();
  const cover = covers.get(key(type, name));

  return cover && separator >= 0
    ? `${pair.slice(0, separator + 1)}${cover(pair.slice(separator + 1))}`
    : pair;
}

function key(type: string, name = ''): string {
  return `${type}:${name.toLowerCase()}`;
}
