import { asObject, member } from '../json-pointer';
import { shown, suggestion } from '../suggestion';

/** Why there is nothing at these names and indices, and what to write instead. */
export function explainMiss(
  value: unknown,
  tokens: readonly string[],
): { readonly why: string; readonly remedy: string } {
  let node = value;
  for (const token of tokens) {
    const next = member(node, token);
    if (next === undefined) return miss(node, token);
    node = next;
  }
  return { why: 'it is not there', remedy: 'mend the target, or remove the action' };
}

function miss(holder: unknown, token: string): { readonly why: string; readonly remedy: string } {
  const reference = member(holder, '$ref');
  if (typeof reference === 'string') {
    const remedy = reference.startsWith('#')
      ? 'select what the reference names'
      : "write the action into an overlay of that file: one whose 'extends' names it, relative to the overlay";
    return { why: `it meets the reference ${shown(reference)}, and goes no further`, remedy };
  }
  const names = Object.keys(asObject(holder) ?? {});
  return {
    why: `there is no ${shown(token)}${suggestion(token, names)}`,
    remedy: 'mend the target, or remove the action: the document may have changed under it',
  };
}
