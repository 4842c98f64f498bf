const HOUR = '(?:[01][0-9]|2[0-3])';
const MINUTE = '[0-5][0-9]';
const FRACTION = '(?:\\.[0-9]+)?';

const PLAIN = `${HOUR}:${MINUTE}:${MINUTE}${FRACTION}(?:[Zz]|[+-]${HOUR}:${MINUTE})`;

const LEAP = `${HOUR}:${MINUTE}:60${FRACTION}`;

// a leap second is the last of a day in UTC, so hour and minute follow from the offset. A regular expression cannot reckon, but
// each digit can be looked up in the offset's: each function below looks at one of them and moves nowhere
const digits = (count: number): number[] => Array.from({ length: count }, (_, digit) => digit);
const two = (hour: number): string => String(hour).padStart(2, '0');

const look = (pairs: readonly string[]): string => `(?=${pairs.join('|')})`;
const hours = (local: (hour: number) => number, from: readonly number[] = digits(24)): string =>
  look(from.map((hour) => `${two(local(hour))}[^+-]*[+-]${two(hour)}`));
const tens = (local: (digit: number) => number, from: readonly number[]): string =>
  look(from.map((digit) => `[^+-]{3}${local(digit)}[^+-]*[+-][^+-]{3}${digit}`));
const ones = (local: (digit: number) => number, from: readonly number[]): string =>
  look(from.map((digit) => `[^+-]{4}${local(digit)}[^+-]*[+-][^+-]{4}${digit}`));

/** 23:59 less the offset. */
const BEHIND = `${hours((hour) => 23 - hour)}${tens((digit) => 5 - digit, digits(6))}${ones((digit) => 9 - digit, digits(10))}`;

/** 23:59 and the offset, which begins the next day: one minute less than the offset itself. */
const AHEAD = [
  `${hours((hour) => (hour + 23) % 24)}${tens(() => 5, [0])}${ones(() => 9, [0])}`,
  `${hours((hour) => hour)}${tens((digit) => digit - 1, digits(6).slice(1))}${ones(() => 9, [0])}`,
  `${hours((hour) => hour)}${tens((digit) => digit, digits(6))}${ones((digit) => digit - 1, digits(10).slice(1))}`,
].join('|');

const LEAP_SECOND = `23:59:60${FRACTION}[Zz]|${BEHIND}${LEAP}-${HOUR}:${MINUTE}|(?:${AHEAD})${LEAP}\\+${HOUR}:${MINUTE}`;

/** A time of RFC 3339 with its offset. */
export const TIME = `(?:${PLAIN}|${LEAP_SECOND})`;
