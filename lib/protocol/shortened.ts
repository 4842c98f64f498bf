import { createHash } from 'node:crypto';

/** A text of at most so many characters: of a longer one the end gives way to a hash of the whole. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;

  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return `${text.slice(0, longest - hash.length - 1)}-${hash}`;
}
