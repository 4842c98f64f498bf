import { compare, type Fields, type FieldValue } from './condition';
import { malformed, type TokenReader } from './tokens';

interface Column {
  readonly name: string;
  of(group: readonly Fields[]): FieldValue;
}

interface Key {
  readonly name: string;
  of(fields: Fields): FieldValue;
}

export interface Statistics {
  readonly columns: readonly Column[];
  readonly keys: readonly Key[];
}

/** What follows `stats`: aggregates, and what they are grouped by. */
export function readStatistics(reader: TokenReader): Statistics {
  const columns = reader.list(() => readColumn(reader));
  const keys = reader.takes('by') ? reader.list(() => readKey(reader)) : [];
  return { columns, keys };
}

/** One row a group, in the order in which the groups appear. */
export function summarize(records: readonly Fields[], { columns, keys }: Statistics): Fields[] {
  const groups = new Map<string, { readonly key: readonly FieldValue[]; readonly members: Fields[] }>();
  for (const fields of records) {
    const key = keys.map((one) => one.of(fields));
    const name = JSON.stringify(key.map((value) => value ?? null));
    const group = groups.get(name) ?? { key, members: [] };
    groups.set(name, group);
    group.members.push(fields);
  }
  return [...groups.values()].map(({ key, members }) => {
    const cells = [
      ...keys.map(({ name }, index) => [name, key[index]] as const),
      ...columns.map((column) => [column.name, column.of(members)] as const),
    ];
    return new Map(cells.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
  });
}

function readColumn(reader: TokenReader): Column {
  const aggregate = reader.take('name').toLowerCase();
  reader.demand('(');
  const field = reader.takes('*') ? '*' : reader.take('name');
  const percentile = reader.takes(',') ? Number(reader.take('number')) : undefined;
  reader.demand(')');
  const name = reader.takes('as') ? reader.take('name') : `${aggregate}(${field})`;
  return { name, of: aggregateOf(aggregate, field, percentile) };
}

function aggregateOf(
  aggregate: string,
  field: string,
  percentile: number | undefined,
): (group: readonly Fields[]) => FieldValue {
  const valuesOf = (group: readonly Fields[]) => group.flatMap((fields) => fields.get(field) ?? []);
  const numbersOf = (group: readonly Fields[]) =>
    valuesOf(group)
      .map(Number)
      .filter(Number.isFinite)
      .sort((one, other) => one - other);
  const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0);

  switch (aggregate) {
    case 'count':
      return (group) => (field === '*' ? group.length : valuesOf(group).length);
    case 'count_distinct':
      return (group) => new Set(valuesOf(group)).size;
    case 'sum':
      return (group) => sumOf(numbersOf(group));
    case 'avg':
      return (group) => {
        const numbers = numbersOf(group);
        return numbers.length === 0 ? undefined : sumOf(numbers) / numbers.length;
      };
    case 'min':
      return (group) => numbersOf(group)[0];
    case 'max':
      return (group) => numbersOf(group).at(-1);
    case 'pct':
      return (group) => {
        const numbers = numbersOf(group);
        return numbers[Math.max(0, Math.ceil((numbers.length * (percentile ?? 50)) / 100) - 1)];
      };
    default:
      throw malformed(`the aggregate ${aggregate}`);
  }
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function readKey(reader: TokenReader): Key {
  if (!reader.takes('bin')) {
    const name = reader.take('name');
    return { name, of: (fields) => fields.get(name) };
  }
  reader.demand('(');
  const length = reader.take('number');
  reader.demand(')');
  const millis = Number.parseFloat(length) * (UNITS[length.slice(-1)] ?? Number.NaN);
  if (!(millis > 0)) throw malformed(`a time of ${length}`);
  return {
    name: `bin(${length})`,
    of: (fields) => Math.floor(Number(fields.get('@timestamp')) / millis) * millis,
  };
}

export interface Order {
  readonly name: string;
  readonly isDescending: boolean;
}

export function readOrder(reader: TokenReader): Order {
  const name = reader.take('name');
  const isDescending = reader.takes('desc');
  if (!isDescending) reader.takes('asc');
  return { name, isDescending };
}

export function sorted(rows: readonly Fields[], orders: readonly Order[]): Fields[] {
  return [...rows].sort((one, other) => {
    for (const { name, isDescending } of orders) {
      const order = compare(one.get(name), other.get(name)) ?? 0;
      if (order !== 0) return isDescending ? -order : order;
    }
    return 0;
  });
}
