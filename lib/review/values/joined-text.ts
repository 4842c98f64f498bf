import { fieldsOf } from '../model/template';

/** Stands for what only a deployment knows. */
export const UNKNOWN = '…';

/** Text of a value of a template, its literal parts joined. */
export function joinedText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const join = fieldsOf(value)['Fn::Join'];
  if (Array.isArray(join) && Array.isArray(join[1])) return join[1].map(joinedText).join(joinedText(join[0]));
  return UNKNOWN;
}
