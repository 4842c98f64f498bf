/** Headers as they came: order, spelling and duplicates kept. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** From Node's flat list. */
export function headerList(raw: readonly string[]): HeaderList {
  const headers: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    headers.push([raw[index] ?? '', raw[index + 1] ?? '']);
  }
  return headers;
}

/** Every value of a header, whatever its spelling. */
export function headerValues(headers: HeaderList, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return headers.filter(([key]) => key.toLowerCase() === wanted).map(([, value]) => value);
}

/** The last value of a header: which one API Gateway takes of several (aws-facts 9.7). */
export function headerValue(headers: HeaderList, name: string): string | undefined {
  return headerValues(headers, name).at(-1);
}

/** As an event carries them: the last value of each name, and all of them. */
export function headerMaps(headers: HeaderList): {
  readonly single: Record<string, string>;
  readonly multi: Record<string, string[]>;
} {
  const single: Record<string, string> = {};
  const multi: Record<string, string[]> = {};
  const spelling = new Map<string, string>();
  for (const [name, value] of headers) {
    const key = spelling.get(name.toLowerCase()) ?? name;
    spelling.set(name.toLowerCase(), key);
    single[key] = value;
    multi[key] = [...(multi[key] ?? []), value];
  }
  return { single, multi };
}

/** Bytes of names, values and what stands between and behind them. */
export function headerBytes(headers: HeaderList): number {
  return headers.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value) + 4,
    0,
  );
}
