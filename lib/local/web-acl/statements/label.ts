import { type Json, textOf } from '../../template/read';
import type { Compilation, Matcher } from '../evaluation';

/**
 * A label given by an earlier rule. A key may leave out namespaces at its front; a namespace ends with a colon.
 */
export function labelMatch({ Scope, Key }: Json, { labelPrefix }: Compilation): Matcher {
  const key = textOf(Key) ?? '';
  const isQualified = key.startsWith('awswaf:');
  const matches =
    Scope === 'NAMESPACE'
      ? (label: string) => (isQualified ? label.startsWith(key) : within(label, labelPrefix, `:${key}`))
      : (label: string) => (isQualified ? label === key : ownLabel(label, labelPrefix, key));

  return ({ labels }) => {
    for (const label of labels) if (matches(label)) return true;
    return false;
  };
}

/** A key that is not qualified means labels of the same web ACL or rule group. */
function ownLabel(label: string, prefix: string, key: string): boolean {
  return label.startsWith(prefix) && `:${label.slice(prefix.length)}`.endsWith(`:${key}`);
}

function within(label: string, prefix: string, namespace: string): boolean {
  return label.startsWith(prefix) && `:${label.slice(prefix.length)}`.includes(namespace);
}
