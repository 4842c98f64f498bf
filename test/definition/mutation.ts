/** A stream of numbers in [0, 1) that a seed repeats (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Holder = Record<string, unknown> | unknown[];

interface Place {
  readonly holder: Holder;
  readonly key: string;
}

type Mutation = (place: Place, random: () => number, places: readonly Place[]) => void;

const get = ({ holder, key }: Place) => (holder as Record<string, unknown>)[key];
const set = ({ holder, key }: Place, value: unknown) => {
  (holder as Record<string, unknown>)[key] = value;
};

const STRANGE: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  '',
  ' ',
  'x',
  '#',
  '{}',
  '../../etc/passwd',
  '\u0000',
  '\ud800',
  [],
  {},
  [[]],
  [null],
  [{}],
  { $ref: '#' },
  { $ref: '#/' },
  { $ref: '' },
  { $ref: 'https://example.com/#/a' },
  { $ref: '#/components/schemas' },
  { allOf: [{ $ref: '#/paths' }] },
  { type: ['object', 'null', 7] },
  { pattern: '(a+)+$' },
  { pattern: '[' },
];

const MUTATIONS: readonly Mutation[] = [
  // drops a key
  ({ holder, key }) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  },
  // changes a type
  (place, random) => set(place, copyOf(pick(STRANGE, random))),
  // swaps two values, references among them
  (place, random, places) => {
    const other = pick(places, random);
    const value = get(place);
    if (contains(value, other.holder) || contains(get(other), place.holder)) return;
    set(place, get(other));
    set(other, value);
  },
  (place, random, places) => {
    const references = places.filter(({ key }) => key === '$ref');
    if (references.length > 0) set(pick(references, random), copyOf(get(pick(references, random))));
    else set(place, { $ref: '#/components' });
  },
  // nests deeply
  (place, random) => {
    const depth = Math.floor(random() * 400);
    let value: unknown = get(place);
    for (let level = 0; level < depth; level += 1) {
      value = random() < 0.5 ? { properties: { a: value } } : { allOf: [value] };
    }
    set(place, value);
  },
  // grows strings and keys
  (place, random) => set(place, 'x'.repeat(Math.floor(random() * 200_000))),
  ({ holder, key }, random) => {
    if (!Array.isArray(holder)) holder[`${key}${'y'.repeat(Math.floor(random() * 5_000))}`] = holder[key];
  },
  // opens
  ({ holder }) => {
    if (!Array.isArray(holder)) holder['security'] = [];
  },
  ({ holder }) => {
    if (!Array.isArray(holder)) holder['security'] = [{}];
  },
  ({ holder }) => {
    if (!Array.isArray(holder)) holder['x-gateway'] = { public: 'because', backend: 'other' };
  },
];

/** Changes a document in a few places, at random. */
export function mutate(document: unknown, random: () => number): void {
  const rounds = 1 + Math.floor(random() * 4);
  for (let round = 0; round < rounds; round += 1) {
    const places = placesOf(document);
    if (places.length === 0) return;
    pick(MUTATIONS, random)(pick(places, random), random, places);
  }
}

function placesOf(document: unknown): Place[] {
  const places: Place[] = [];
  const pending: unknown[] = [document];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    for (const key of Object.keys(value)) {
      places.push({ holder: value as Holder, key });
      pending.push((value as Record<string, unknown>)[key]);
    }
  }
  return places;
}

function contains(value: unknown, searched: unknown): boolean {
  if (value === searched) return true;
  return typeof value === 'object' && value !== null
    ? Object.values(value).some((child) => contains(child, searched))
    : false;
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)]!;
}

function copyOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
