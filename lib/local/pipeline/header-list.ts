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
export interface ValueMaps {
  readonly single: Readonly<Record<string, string>>;
  readonly multi: Readonly<Record<string, readonly string[]>>;
}

/** Spellings of one header are one name, the first. */
export function headerMaps(headers: HeaderList): ValueMaps {
  return valueMaps(headers, (name) => name.toLowerCase());
}

/** Names of parameters differ by their case. */
export function queryMaps(query: HeaderList): ValueMaps {
  return valueMaps(query, (name) => name);
}

function valueMaps(pairs: HeaderList, identity: (name: string) => string): ValueMaps {
  const entries = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const [name, value] of pairs) {
    const entry = entries.get(identity(name)) ?? { name, values: [] };
    entry.values.push(value);
    entries.set(identity(name), entry);
  }
  const all = [...entries.values()];
  // by entries, so that a name like `__proto__` is a name like any other
  return {
    single: Object.fromEntries(all.map(({ name, values }) => [name, values.at(-1) ?? ''])),
    multi: Object.fromEntries(all.map(({ name, values }) => [name, values])),
  };
}

/** Bytes of names, values and what stands between and behind them. */
export function headerBytes(headers: HeaderList): number {
  return headers.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value) + 4,
    0,
  );
}
