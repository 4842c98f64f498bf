/** A value as DynamoDB writes it: one member that names the type. */
export type AttributeValue = object;

/** An item in plain values. Types that no item of ours has are refused. */
export function fromItem(item: Readonly<Record<string, AttributeValue>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, fromAttribute(value)]));
}

function fromAttribute(value: AttributeValue): unknown {
  const { S, N, BOOL, L, M, SS } = value as Readonly<Record<string, unknown>>;
  if (typeof S === 'string') return S;
  if (typeof N === 'string') return Number(N);
  if (typeof BOOL === 'boolean') return BOOL;
  if (Array.isArray(L)) return L.map(fromAttribute);
  if (Array.isArray(SS) || SS instanceof Set) return [...SS];
  if (typeof M === 'object' && M !== null) return fromItem({ ...M } as Record<string, AttributeValue>);
  if ('NULL' in value) return undefined;
  throw new Error(`attribute of type ${Object.keys(value).join()} is not expected`);
}
