import { TIME } from './time-format';

/** How the `format` of a string is held by draft 4. */
export interface Format {
  readonly pattern: string;
  readonly maxLength?: number;

  /** What the pattern lets through though the format does not; absent if it is equivalent. */
  readonly weaker?: string;

  /** Values of the format have a limited length. */
  readonly bounded?: true;
}

const HEX = '[0-9A-Fa-f]';

const UUID = [8, 4, 4, 4, 12].map((length) => `${HEX}{${length}}`).join('-');

const LEAP_YEAR = '(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)';
const LONG_MONTH = '(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])';
const SHORT_MONTH = '(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)';
const FEBRUARY = '02-(?:0[1-9]|1[0-9]|2[0-8])';
const DATE = `(?:${LEAP_YEAR}-02-29|[0-9]{4}-(?:${LONG_MONTH}|${SHORT_MONTH}|${FEBRUARY}))`;

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const IPV4 = `(?:${OCTET}\\.){3}${OCTET}`;

const H16 = `${HEX}{1,4}`;
const LS32 = `(?:${H16}:${H16}|${IPV4})`;
const IPV6 = `(?:${[
  `(?:${H16}:){6}${LS32}`,
  `::(?:${H16}:){5}${LS32}`,
  `(?:${H16})?::(?:${H16}:){4}${LS32}`,
  `(?:(?:${H16}:){0,1}${H16})?::(?:${H16}:){3}${LS32}`,
  `(?:(?:${H16}:){0,2}${H16})?::(?:${H16}:){2}${LS32}`,
  `(?:(?:${H16}:){0,3}${H16})?::${H16}:${LS32}`,
  `(?:(?:${H16}:){0,4}${H16})?::${LS32}`,
  `(?:(?:${H16}:){0,5}${H16})?::${H16}`,
  `(?:(?:${H16}:){0,6}${H16})?::`,
].join('|')})`;

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const HOSTNAME = `${LABEL}(?:\\.${LABEL})*`;

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const QUOTED = '"(?:[ !#-\\[\\]-~]|\\\\[ -~])*"';
const DOMAIN = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*';
const EMAIL = `(?:${ATOM}(?:\\.${ATOM})*|${QUOTED})@(?:${DOMAIN}|\\[(?:${IPV4}|[Ii][Pp][Vv]6:${IPV6})\\])`;

const ENCODED = `%${HEX}{2}`;
const UNRESERVED = 'A-Za-z0-9._~-';
const SUB_DELIMITERS = "!$&'()*+,;=";
const UNESCAPED = `${SUB_DELIMITERS}:@${UNRESERVED}`;

/** Any number of characters of a set and of encoded ones; a loop over either would exhaust Java's stack on a long text. */
const run = (set: string): string => `[${set}]*(?:${ENCODED}[${set}]*)*`;
const one = (set: string): string => `(?:[${set}]|${ENCODED})`;

const USER_INFO = run(`${SUB_DELIMITERS}:${UNRESERVED}`);
const IP_LITERAL = `\\[(?:${IPV6}|[vV]${HEX}+\\.[${SUB_DELIMITERS}:${UNRESERVED}]+)\\]`;
const HOST = `(?:${IP_LITERAL}|${run(SUB_DELIMITERS + UNRESERVED)})`;
const AUTHORITY = `//(?:${USER_INFO}@)?${HOST}(?::[0-9]*)?(?:/${run(`/${UNESCAPED}`)})?`;
const ABSOLUTE = `/(?:${one(UNESCAPED)}${run(`/${UNESCAPED}`)})?`;
const ROOTLESS = `${one(UNESCAPED)}${run(`/${UNESCAPED}`)}`;
const TAIL = run(`/?${UNESCAPED}`);
const URI = `[A-Za-z][A-Za-z0-9+.-]*:(?:${AUTHORITY}|${ABSOLUTE}|${ROOTLESS})?(?:\\?${TAIL})?(?:#${TAIL})?`;

const NO_SCHEME = `${one(`${SUB_DELIMITERS}@${UNRESERVED}`)}${run(`${SUB_DELIMITERS}@${UNRESERVED}`)}(?:/${run(`/${UNESCAPED}`)})?`;
const RELATIVE = `(?:${AUTHORITY}|${ABSOLUTE}|${NO_SCHEME})?(?:\\?${TAIL})?(?:#${TAIL})?`;

const POINTER = '(?:/[^~/]*(?:~[01][^~/]*)*)*';

const DURATION_TIME = 'T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)';
const DURATION_DATE = '(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)';
const DURATION = `P(?:${DURATION_DATE}(?:${DURATION_TIME})?|${DURATION_TIME}|[0-9]+W)`;

const BASE64 = '(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?';

const whole = (pattern: string): string => `^(?:${pattern})$`;

/** Formats of strings that a pattern can hold. */
export const FORMATS: Readonly<Record<string, Format>> = {
  uuid: { pattern: whole(UUID), bounded: true },
  date: { pattern: whole(DATE), bounded: true },
  'date-time': { pattern: whole(`${DATE}[Tt]${TIME}`), bounded: true },
  time: { pattern: whole(TIME), bounded: true },
  email: { pattern: whole(EMAIL) },
  ipv4: { pattern: whole(IPV4), bounded: true },
  ipv6: { pattern: whole(IPV6), bounded: true },
  hostname: {
    pattern: whole(HOSTNAME),
    maxLength: 253,
    weaker: "labels that begin with 'xn--' are not decoded",
    bounded: true,
  },
  uri: { pattern: whole(URI) },
  'uri-reference': { pattern: whole(`${URI}|${RELATIVE}`) },
  'json-pointer': { pattern: whole(POINTER) },
  'relative-json-pointer': { pattern: whole(`(?:0|[1-9][0-9]*)(?:#|${POINTER})`) },
  duration: { pattern: whole(DURATION) },
  byte: { pattern: whole(BASE64) },
};

/** Formats that ask for no check: they tell people, or programs that draw forms, what a string is. */
export const HINTS: ReadonlySet<string> = new Set(['password', 'binary']);
