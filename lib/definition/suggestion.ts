import { distance } from 'fastest-levenshtein';

/** ` (did you mean "x"?)` for the nearest known name, or nothing if none is near. */
export function suggestion(given: string, known: readonly string[]): string {
  const limit = Math.max(2, Math.floor(given.length / 3));
  const [nearest] = known
    .map((name) => ({ name, distance: distance(given.toLowerCase(), name.toLowerCase()) }))
    .filter((candidate) => candidate.distance <= limit)
    .sort((one, other) => one.distance - other.distance);
  return nearest ? ` (did you mean ${JSON.stringify(nearest.name)}?)` : '';
}

/** `"a", "b" or "c"`. */
export function listed(names: readonly string[], none = 'none'): string {
  if (names.length === 0) return none;
  const quoted = names.map((name) => JSON.stringify(name));
  return quoted.length === 1
    ? quoted.join('')
    : `${quoted.slice(0, -1).join(', ')} or ${quoted[quoted.length - 1]}`;
}

/** `use "a" or "b", or `; nothing where there is nothing to choose from. */
export function choice(verb: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `${verb} ${listed(names)}, or `;
}

/** A value as a message may show it: short, on one line. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
