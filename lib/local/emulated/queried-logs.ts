import { randomUUID } from 'node:crypto';
import { type Json, listOf, numberOf, textOf } from '../template/read';
import type { TemplateResolver } from '../template/resolver';
import type { Fields } from './insights/condition';
import { type QueriedLine, runQuery } from './insights/run-query';
import { ServiceError } from './service-error';

interface Definition {
  readonly name: string;
  readonly queryString: string;
  readonly logGroupNames: readonly string[];
}

/** How many answers wait to be fetched. */
const KEPT_ANSWERS = 100;

/** CloudWatch Logs as far as saved queries are found and run: over the lines that are kept here. */
export class QueriedLogs {
  private readonly definitions: readonly Definition[];
  private readonly answers = new Map<string, readonly Fields[]>();

  constructor(
    resolver: TemplateResolver,
    private readonly lines: () => readonly QueriedLine[],
  ) {
    this.definitions = resolver.idsOf('AWS::Logs::QueryDefinition').map((id) => {
      const { Name, QueryString, LogGroupNames } = resolver.properties(id);
      return {
        name: textOf(Name) ?? id,
        queryString: textOf(QueryString) ?? '',
        logGroupNames: listOf(LogGroupNames).map(String),
      };
    });
  }

  public answer(operation: string, input: Json): Json {
    switch (operation) {
      case 'DescribeQueryDefinitions': {
        const prefix = textOf(input['queryDefinitionNamePrefix']) ?? '';
        return { queryDefinitions: this.definitions.filter(({ name }) => name.startsWith(prefix)) };
      }
      case 'StartQuery':
        return { queryId: this.start(input) };
      case 'GetQueryResults':
        return { status: 'Complete', results: this.results(textOf(input['queryId']) ?? '') };
      default:
        throw new ServiceError('UnknownOperationException', `${operation} is not run here`);
    }
  }

  private start(input: Json): string {
    // whole seconds of Unix time, both included
    const from = (numberOf(input['startTime']) ?? 0) * 1000;
    const until = ((numberOf(input['endTime']) ?? 0) + 1) * 1000;
    const names = new Set([...listOf(input['logGroupNames']), input['logGroupName']].map(String));
    const lines = this.lines().filter(
      ({ logGroup, time }) => names.has(logGroup) && time >= from && time < until,
    );
    const id = randomUUID();
    this.answers.set(id, runQuery(textOf(input['queryString']) ?? '', lines));
    const [oldest] = this.answers.keys();
    if (this.answers.size > KEPT_ANSWERS && oldest) this.answers.delete(oldest);
    return id;
  }

  private results(id: string): readonly object[] {
    const rows = this.answers.get(id);
    if (!rows) throw new ServiceError('ResourceNotFoundException', `there is no query ${id}`);
    return rows.map((row) => [...row].map(([field, value]) => ({ field, value: shown(field, value) })));
  }
}

function shown(field: string, value: string | number): string {
  if (field !== '@timestamp' && !field.startsWith('bin(')) return String(value);
  return new Date(Number(value)).toISOString().replace('T', ' ').replace('Z', '');
}
