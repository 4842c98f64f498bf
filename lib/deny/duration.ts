const SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400 };

/** Seconds of `30m`, `24h` or `7d`; undefined where it is none of these. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  const seconds = SECONDS[unit ?? ''];

  return count === undefined || seconds === undefined ? undefined : Number(count) * seconds;
}
