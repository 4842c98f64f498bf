/** Whether EventBridge would hand an event to a rule: the operators that our patterns use, and no others. */
export function matchesPattern(pattern: Json, event: Json): boolean {
  return Object.entries(pattern).every(([name, wanted]) => {
    if (name === '$or') return (wanted as Json[]).some((alternative) => matchesPattern(alternative, event));
    const value = event[name];
    if (Array.isArray(wanted)) return wanted.some((one) => matchesValue(one, value));
    return matchesPattern(wanted as Json, isObject(value) ? value : {});
  });
}

export type Json = Readonly<Record<string, unknown>>;

function matchesValue(wanted: unknown, value: unknown): boolean {
  if (!isObject(wanted)) return value === wanted;

  const [[operator, operand] = []] = Object.entries(wanted);
  switch (operator) {
    case 'exists':
      return (value !== undefined) === operand;
    case 'prefix':
      return typeof value === 'string' && value.startsWith(String(operand));
    case 'suffix':
      return typeof value === 'string' && value.endsWith(String(operand));
    case 'anything-but':
      // a field that is not there is not something else
      return value !== undefined && !(operand as unknown[]).includes(value);
    default:
      throw new Error(`an operator that is not understood here: ${operator}`);
  }
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
