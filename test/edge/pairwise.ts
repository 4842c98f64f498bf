/** Values of each option, by its name. */
export type Options = Readonly<Record<string, readonly unknown[]>>;

/**
 * Combinations in which every pair of values of two options occurs at least once: most faults of combination
 * need two options, and all combinations would be too many.
 */
export function pairwise(options: Options): Record<string, unknown>[] {
  const names = Object.keys(options);
  const missing = new Set(pairsOf(names, (name) => options[name]!.map((_, index) => index)));
  const rows: Record<string, unknown>[] = [];
  while (missing.size > 0) {
    const row = bestRow(names, options, missing);
    for (const pair of coveredBy(names, row)) missing.delete(pair);
    rows.push(Object.fromEntries(names.map((name) => [name, options[name]![row.get(name)!]])));
  }

  return rows;
}

/** Chooses values one option after the other, each covering most missing pairs with those chosen before. */
function bestRow(names: readonly string[], options: Options, missing: ReadonlySet<string>) {
  const [seed = ''] = missing;
  const row = new Map(seed.split('&').map((part) => [part.split('=')[0]!, Number(part.split('=')[1])]));
  for (const name of names) {
    if (row.has(name)) continue;
    const scores = options[name]!.map(
      (_, index) =>
        coveredBy(names, new Map([...row, [name, index]])).filter((pair) => missing.has(pair)).length,
    );
    row.set(name, scores.indexOf(Math.max(...scores)));
  }

  return row;
}

function coveredBy(names: readonly string[], row: ReadonlyMap<string, number>): string[] {
  const set = names.filter((name) => row.has(name));

  return pairsOf(set, (name) => [row.get(name)!]);
}

function pairsOf(names: readonly string[], indexes: (name: string) => readonly number[]): string[] {
  return names.flatMap((first, position) =>
    names
      .slice(position + 1)
      .flatMap((second) =>
        indexes(first).flatMap((left) =>
          indexes(second).map((right) => `${first}=${left}&${second}=${right}`),
        ),
      ),
  );
}
