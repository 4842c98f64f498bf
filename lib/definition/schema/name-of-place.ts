import { pointerTokens } from '../json-pointer';

/** `field 'name': ` for a schema that describes a field or its elements; nothing for any other. */
export function fieldPrefix(pointer: string): string {
  const tokens = pointerTokens(pointer) ?? [];
  const isElement = tokens.at(-1) === 'items';
  const at = tokens.length - (isElement ? 2 : 1);
  const name = tokens[at];
  if (name === undefined || tokens[at - 1] !== 'properties') return '';
  return `${isElement ? 'elements of ' : ''}field '${name}': `;
}
