import { type Condition, type Fields, readCondition } from './condition';
import { type Order, readOrder, readStatistics, type Statistics, sorted, summarize } from './statistics';
import { malformed, TokenReader, tokensOf } from './tokens';

/** A line of a log group. */
export interface QueriedLine {
  readonly logGroup: string;
  /** Milliseconds of Unix time. */
  readonly time: number;
  readonly line: string;
}

/** What CloudWatch Logs Insights answers if a query says nothing else, and at most. */
const DEFAULT_LIMIT = 1_000;
const MAXIMUM_LIMIT = 10_000;

/** Characters that it takes. */
const LONGEST_QUERY = 10_000;

/**
 * Runs a query of CloudWatch Logs Insights over lines: `fields`, `filter`, `stats … by`, `sort` and `limit`, each with
 * what our own queries say. A query with anything else is refused, so that no answer is half of one.
 */
export function runQuery(query: string, lines: readonly QueriedLine[]): readonly Fields[] {
  const { names, conditions, statistics, orders, limit } = readQuery(query);
  const found = lines.map(fieldsOf).filter((fields) => conditions.every((holds) => holds(fields)));
  const rows = statistics ? summarize(found, statistics) : found;
  // newest first, as the console shows them
  const order = orders ?? (statistics ? [] : [{ name: '@timestamp', isDescending: true }]);
  const shown = sorted(rows, order).slice(0, limit);
  return statistics ? shown : shown.map((row) => select(row, names));
}

interface Query {
  readonly names: readonly string[];
  readonly conditions: readonly Condition[];
  readonly statistics?: Statistics;
  readonly orders?: readonly Order[];
  readonly limit: number;
}

function readQuery(query: string): Query {
  if (query.length > LONGEST_QUERY) throw malformed(`more than ${LONGEST_QUERY} characters`);
  const reader = new TokenReader(tokensOf(query));
  const names: string[] = [];
  const conditions: Condition[] = [];
  let statistics: Statistics | undefined;
  let orders: readonly Order[] | undefined;
  let limit = DEFAULT_LIMIT;
  do {
    if (reader.takes('fields')) names.push(...reader.list(() => reader.take('name')));
    else if (reader.takes('filter')) conditions.push(readCondition(reader));
    else if (reader.takes('stats')) statistics = readStatistics(reader);
    else if (reader.takes('sort')) orders = reader.list(() => readOrder(reader));
    else if (reader.takes('limit')) limit = Math.min(Number(reader.take('number')), MAXIMUM_LIMIT);
    else throw malformed('a command that is none of fields, filter, stats, sort and limit');
  } while (reader.takes('|'));
  if (!reader.isAtEnd) throw malformed('something after its end');
  return { names, conditions, limit, ...(statistics && { statistics }), ...(orders && { orders }) };
}

function select(fields: Fields, names: readonly string[]): Fields {
  const wanted = names.length > 0 ? names : ['@timestamp', '@message'];
  return new Map(
    wanted.flatMap((name) => {
      const value = fields.get(name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** Members of objects by their dotted names. One that begins with `@` gets another, for CloudWatch has its own. */
function fieldsOf({ logGroup, time, line }: QueriedLine): Fields {
  const fields = new Map<string, string | number>([
    ['@timestamp', time],
    ['@log', logGroup],
    ['@message', line],
  ]);
  collect(fields, parsed(line), '');
  return fields;
}

function collect(into: Map<string, string | number>, value: unknown, name: string): void {
  if (typeof value === 'object' && value !== null) {
    for (const [member, inner] of Object.entries(value)) {
      collect(into, inner, name === '' ? member.replace(/^@/, '@@') : `${name}.${member}`);
    }
  } else if (name !== '' && value !== null && value !== undefined) {
    into.set(name, typeof value === 'number' ? value : String(value));
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
