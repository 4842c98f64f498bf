import { WATCH_METRICS } from '../../lib/protocol/metrics';
import type { SensitiveUseConfiguration } from '../../lib/protocol/watches';
import { watchMetric } from '../shared/watch-metric';
import { type QueryDependencies, type Row, runQuery } from './log-query';

export interface SensitiveUseDependencies extends QueryDependencies {
  readonly configuration: SensitiveUseConfiguration;
  /** Ids of the operations, as the access log names them. */
  readonly operations: readonly string[];
  /** Milliseconds. */
  readonly now: () => number;
  readonly write: (line: string) => void;
}

/** Lines reach the log late; so much of the last run's time is looked at again. */
const LATE_SECONDS = 600;

/** So that an answer stays below a megabyte. */
const MAXIMUM_ROWS = 3_000;

/** It takes queries of 10,000 characters. */
const LONGEST_LIST = 8_000;

/** Callers that are named; all are counted. */
const NAMED = 100;

/**
 * Counts callers of sensitive operations who have no line for the same operation before: in the time since the last
 * run, against the time that is remembered. Where nobody called, the long time is not read, which costs.
 */
export function createHandler(dependencies: SensitiveUseDependencies) {
  const { configuration, operations, now, write } = dependencies;
  const { apiId, everySeconds, memorySeconds } = configuration;

  return async (): Promise<void> => {
    const until = Math.floor(now() / 1000);
    const since = until - everySeconds - LATE_SECONDS;
    const newcomers: Row[] = [];
    let masked = 0;
    for (const some of batches(operations)) {
      const callers = await callersOf(some, since, until, dependencies);
      if (callers.length === 0) continue;
      const before = await callersOf(some, since - memorySeconds, since - 1, dependencies);
      const known = new Set(before.map(nameOf));
      masked += callers.filter(isMasked).length;
      // one who comes by several clients is one
      const distinct = new Map(callers.map((caller) => [nameOf(caller), caller]));
      newcomers.push(...[...distinct].flatMap(([name, caller]) => (known.has(name) ? [] : [caller])));
    }
    for (const newcomer of newcomers.slice(0, NAMED)) write(lineOf(newcomer));
    if (masked > 0)
      write(`${JSON.stringify({ level: 'WARN', message: 'names are masked', callers: masked })}\n`);
    write(watchMetric(apiId, WATCH_METRICS.sensitiveNewcomers, newcomers.length, now()));
  };
}

async function callersOf(
  operations: readonly string[],
  from: number,
  until: number,
  dependencies: SensitiveUseDependencies,
): Promise<Row[]> {
  const text = [
    `filter event.action in [${operations.map((one) => JSON.stringify(one)).join(', ')}] and (user.id not in ["-", "anonymous"] or gateway.client_id != "-")`,
    'stats count(*) as requests by user.id, gateway.client_id, event.action',
    `limit ${MAXIMUM_ROWS}`,
  ].join(' | ');
  const rows = await runQuery(
    { logGroup: dependencies.configuration.logGroup, text, from, until },
    dependencies,
  );
  // who is not among them would look new
  if (rows.length >= MAXIMUM_ROWS) throw new Error('more callers than one answer holds');
  return rows;
}

function batches(operations: readonly string[]): string[][] {
  const found: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const operation of operations) {
    length += operation.length + 4;
    if (length > LONGEST_LIST) {
      found.push([]);
      length = operation.length + 4;
    }
    found.at(-1)?.push(operation);
  }
  return found;
}

/** By data protection, an e-mail address say: it looks like every other of its length, and passes for known. */
const isMasked = (row: Row) => principalOf(row).includes('****');

const nameOf = (row: Row) => JSON.stringify([kindOf(row), principalOf(row), row['event.action']]);

/** A user may be called `client:…` or `key:…` by an issuer, and must not pass for one that is known. */
function kindOf({ 'user.id': user = '-', 'gateway.client_id': client }: Row): string {
  if (user === '-' || user === 'anonymous') return 'client';
  return user === `key:${client}` ? 'key' : 'user';
}

/** A token of a client on its own behalf may name no user. */
function principalOf(row: Row): string {
  const { 'user.id': user = '-', 'gateway.client_id': client } = row;
  return kindOf(row) === 'client' ? `client:${client}` : user;
}

function lineOf(row: Row): string {
  const { 'event.action': operation, requests } = row;
  const told = { principal: principalOf(row), operation, requests };
  return `${JSON.stringify({ level: 'WARN', message: 'new to a sensitive operation', ...told })}\n`;
}
