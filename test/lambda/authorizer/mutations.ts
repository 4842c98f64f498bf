/** Reproducible random numbers: mulberry32. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) % below;
  };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\0?é';

type Mutation = (text: string, random: (below: number) => number) => string;

const MUTATIONS: readonly Mutation[] = [
  // replace, insert, delete, swap, double, cut, transliterate, splice
  (text, random) => edit(text, random(text.length), 1, ALPHABET.charAt(random(ALPHABET.length))),
  (text, random) => edit(text, random(text.length + 1), 0, ALPHABET.charAt(random(ALPHABET.length))),
  (text, random) => edit(text, random(text.length), 1 + random(4), ''),
  (text, random) => {
    const at = random(text.length - 1);
    return edit(text, at, 2, text.charAt(at + 1) + text.charAt(at));
  },
  (text, random) => {
    const at = random(text.length);
    return edit(text, at, 0, text.slice(at, at + random(40)));
  },
  (text, random) => text.slice(0, random(text.length)),
  // a character of another script whose lower byte is the same
  (text, random) => {
    const at = random(text.length);
    return edit(text, at, 1, String.fromCharCode(text.charCodeAt(at) + 0x100));
  },
  (text, random) => {
    const segments = text.split('.');
    return segments
      .map((segment) => (random(3) === 0 ? (segments[random(segments.length)] ?? '') : segment))
      .join('.');
  },
  // the same header or payload with other content, encoded as it should be
  (text, random) => {
    const segments = text.split('.');
    const at = random(2);
    const json = Buffer.from(segments[at] ?? '', 'base64url').toString();
    segments[at] = Buffer.from(
      edit(json, random(json.length), random(3), JSON_PARTS[random(JSON_PARTS.length)] ?? ''),
    ).toString('base64url');
    return segments.join('.');
  },
];

const JSON_PARTS = [
  '"alg":"none",',
  '"crit":[],',
  '{',
  '}',
  '"',
  ',',
  '\\u0000',
  'null',
  '1e999',
  '"kid":"two",',
  '[[[[',
  'é',
  '\ud800',
];

/** `count` texts other than `good`, each one to three mutations away from it. */
export function* mutations(good: string, count: number, seed: number): Generator<string> {
  const random = randomNumbers(seed);
  for (let made = 0; made < count; ) {
    let text = good;
    for (let times = 1 + random(3); times > 0 && text.length > 2; times -= 1) {
      text = MUTATIONS[random(MUTATIONS.length)]?.(text, random) ?? text;
    }
    if (text === good) continue;
    made += 1;
    yield text;
  }
}

const edit = (text: string, at: number, remove: number, insert: string) =>
  text.slice(0, at) + insert + text.slice(at + remove);
