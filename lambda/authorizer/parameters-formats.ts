import { isIPv4, isIPv6 } from 'node:net';
import type { FormatName } from '../../lib/protocol/parameter-rules';

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|([+-])(\d\d):?(\d\d))$/i;
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
  if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') return false;
  const [year, month, day] = [text.slice(0, 4), text.slice(5, 7), text.slice(8, 10)].map(digits);
  if (year === undefined || month === undefined || day === undefined) return false;
  if (Number.isNaN(year) || !(month >= 1 && month <= 12) || !(day >= 1)) return false;

  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (DAYS[month - 1] ?? 0) + (leap ? 1 : 0);
}

/** RFC 3339 `full-time`. A leap second can only be the last one of a day in UTC. */
function isTime(text: string): boolean {
  const match = TIME.exec(text);
  if (!match) return false;
  const [hour = 0, minute = 0, second = 0] = match.slice(1, 4).map(Number);
  const sign = match[4] === '-' ? -1 : 1;
  const [offsetHour, offsetMinute] = [Number(match[5] ?? 0), Number(match[6] ?? 0)];
  if (hour > 23 || minute > 59 || offsetHour > 23 || offsetMinute > 59) return false;
  if (second <= 59) return true;

  const utc = hour * 60 + minute - sign * (offsetHour * 60 + offsetMinute);
  return second === 60 && (utc + 24 * 60) % (24 * 60) === 24 * 60 - 1;
}

function isDateTime(text: string): boolean {
  const separator = text[10];
  return /[t ]/i.test(separator ?? '') && isDate(text.slice(0, 10)) && isTime(text.slice(11));
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

function digits(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
