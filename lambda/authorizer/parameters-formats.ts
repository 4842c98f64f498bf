import { isIPv4, isIPv6 } from 'node:net';
import type { FormatName } from '../../lib/protocol/parameter-rules';

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const UUID = /^[\da-fA-F]{8}-[\da-fA-F]{4}-[\da-fA-F]{4}-[\da-fA-F]{4}-[\da-fA-F]{12}$/;
const TIME = /^\d\d:\d\d:\d\d(?:\.\d+)?(?:z|[+-]\d\d:?\d\d)$/i;
const HYPHEN = 0x2d;
const ZERO = 0x30;
/** In minutes. */
const DAY = 24 * 60;
const URI = /^[a-z][a-z\d+.-]*:(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[\da-f]{2})*$/i;
const LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;
const MAILBOX = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/i;
const BASE64 = /^[A-Za-z\d+/]*={0,2}$/;

/** Longest mail address and host name (RFC 5321 section 4.5.3.1, RFC 1123). */
const LONGEST_ADDRESS = 254;
const LONGEST_HOSTNAME = 253;

/** Formats of text; all take time in proportion to its length. */
export const TEXT_FORMATS: Readonly<Partial<Record<FormatName, (text: string) => boolean>>> = {
  date: isDate,
  time: isTime,
  'date-time': isDateTime,
  uuid: (text) => UUID.test(text),
  email: isEmail,
  hostname: isHostname,
  ipv4: isIPv4,
  ipv6: (text) => isIPv6(text) && !text.includes('%'),
  uri: (text) => URI.test(text),
  byte: (text) => text.length % 4 === 0 && BASE64.test(text),
};

/** Formats of numbers. A double cannot tell the largest int64 from its neighbour, so both pass. */
export const NUMBER_FORMATS: Readonly<Partial<Record<FormatName, (number: number) => boolean>>> = {
  int32: (number) => Number.isInteger(number) && number >= -(2 ** 31) && number < 2 ** 31,
  int64: (number) => Number.isInteger(number) && number >= -(2 ** 63) && number <= 2 ** 63,
};

/** RFC 3339 `full-date`. */
function isDate(text: string): boolean {
  if (text.length !== 10 || text.charCodeAt(4) !== HYPHEN || text.charCodeAt(7) !== HYPHEN) return false;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  // comparisons with NaN fail
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1)) return false;

  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (DAYS[month - 1] ?? 0) + (leap ? 1 : 0);
}

/** RFC 3339 `full-time`. A leap second can only be the last one of a day in UTC. */
function isTime(text: string): boolean {
  if (!TIME.test(text)) return false;
  const hour = twoDigits(text, 0);
  const minute = twoDigits(text, 3);
  const second = twoDigits(text, 6);
  const zulu = text.endsWith('Z') || text.endsWith('z');
  const zone = text.length - (text.at(-3) === ':' ? 6 : 5);
  const offsetHour = zulu ? 0 : twoDigits(text, zone + 1);
  const offsetMinute = zulu ? 0 : twoDigits(text, text.length - 2);
  if (hour > 23 || minute > 59 || offsetHour > 23 || offsetMinute > 59) return false;
  if (second <= 59) return true;

  const sign = text[zone] === '-' ? -1 : 1;
  const utc = hour * 60 + minute - sign * (offsetHour * 60 + offsetMinute);
  return second === 60 && (utc + DAY) % DAY === DAY - 1;
}

function isDateTime(text: string): boolean {
  const separator = text[10];
  return (
    (separator === 'T' || separator === 't' || separator === ' ') &&
    isDate(text.slice(0, 10)) &&
    isTime(text.slice(11))
  );
}

function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  return (
    at > 0 &&
    text.length <= LONGEST_ADDRESS &&
    MAILBOX.test(text.slice(0, at)) &&
    text.includes('.', at) &&
    isHostname(text.slice(at + 1))
  );
}

function isHostname(text: string): boolean {
  return (
    text.length > 0 && text.length <= LONGEST_HOSTNAME && text.split('.').every((label) => LABEL.test(label))
  );
}

/** The number two digits write, or NaN. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const units = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : Number.NaN;
}
