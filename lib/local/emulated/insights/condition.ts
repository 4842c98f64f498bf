import { malformed, type TokenReader } from './tokens';

/** A field's value: what a line does not have is undefined. */
export type FieldValue = string | number | undefined;

export type Fields = ReadonlyMap<string, string | number>;

export type Condition = (fields: Fields) => boolean;

/** `or` binds loosest, then `and`, then `not`. */
export function readCondition(reader: TokenReader): Condition {
  const first = readAll(reader);
  if (!reader.takes('or')) return first;
  const rest = readCondition(reader);
  return (fields) => first(fields) || rest(fields);
}

function readAll(reader: TokenReader): Condition {
  const first = readOne(reader);
  if (!reader.takes('and')) return first;
  const rest = readAll(reader);
  return (fields) => first(fields) && rest(fields);
}

function readOne(reader: TokenReader): Condition {
  if (reader.takes('not')) {
    const inner = readOne(reader);
    return (fields) => !inner(fields);
  }
  if (reader.takes('(')) {
    const inner = readCondition(reader);
    reader.demand(')');
    return inner;
  }
  if (reader.takes('ispresent')) {
    reader.demand('(');
    const name = reader.take('name');
    reader.demand(')');
    return (fields) => fields.has(name);
  }
  return readComparison(reader);
}

function readComparison(reader: TokenReader): Condition {
  const name = reader.take('name');
  const isNegated = reader.takes('not');
  if (reader.takes('in')) {
    reader.demand('[');
    const values = reader.list(() => reader.take('text', 'number'));
    reader.demand(']');
    return (fields) => values.some((value) => compare(fields.get(name), value) === 0) !== isNegated;
  }
  if (isNegated) throw malformed("'not' without 'in'");

  const sign = ['=', '!=', '<=', '>=', '<', '>'].find((one) => reader.takes(one));
  if (!sign) throw malformed(`a comparison of ${name}`);
  const value = reader.take('text', 'number');
  return (fields) => holds(sign, compare(fields.get(name), value));
}

function holds(sign: string, order: number | undefined): boolean {
  // nothing is unlike something, and neither more nor less
  if (order === undefined) return sign === '!=';
  return sign === '=' ? order === 0 : sign === '!=' ? order !== 0 : inOrder(sign, order);
}

function inOrder(sign: string, order: number): boolean {
  if (order === 0) return sign.endsWith('=');
  return sign.startsWith('<') === order < 0;
}

/** As numbers where both are some. */
export function compare(one: FieldValue, other: FieldValue): number | undefined {
  if (one === undefined || other === undefined) return undefined;

  const [left, right] = [Number(one), Number(other)];
  if (Number.isFinite(left) && Number.isFinite(right) && one !== '' && other !== '') return left - right;
  const [a, b] = [String(one), String(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}
