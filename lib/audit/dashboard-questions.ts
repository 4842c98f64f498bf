import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { QueriedLogs } from './saved-queries';

export interface DashboardParts {
  readonly logs: QueriedLogs;
  /** Ids of operations, by backend. */
  readonly backends: Readonly<Record<string, readonly string[]>>;
  /** What each tier allows, in words. */
  readonly tiers: Readonly<Record<string, string>>;
  /** Ids of sensitive operations. */
  readonly sensitive: readonly string[];
}

/** A question to the logs, shown as a table. */
export interface Question {
  readonly title: string;
  readonly logGroups: readonly ILogGroup[];
  readonly query: string;
}

export interface DashboardQuestions {
  readonly refused: readonly Question[];
  readonly heavy: readonly Question[];
  /** One section each. */
  readonly parts: readonly {
    readonly title: string;
    readonly text: string;
    readonly asked: readonly Question[];
  }[];
}

/** Tables of one section, and characters of one list of names: a page that anybody reads, and that CloudWatch takes. */
const MOST_TABLES = 10;
const LONGEST_LIST = 4_000;

export function questions(parts: DashboardParts): DashboardQuestions {
  const { access, authorizer, webAcl } = parts.logs;
  const top = (title: string, field: string): Question => ({
    title,
    logGroups: [access],
    query: lines(
      `filter ${field} != "-"`,
      `stats count(*) as requests by ${field}`,
      'sort requests desc',
      'limit 10',
    ),
  });
  return {
    refused: [
      {
        title: 'By the authorizer',
        logGroups: [authorizer],
        query: lines(
          'filter message = "refused"',
          'stats count(*) as requests by status, reason, operation',
          'sort requests desc',
          'limit 10',
        ),
      },
      ...(webAcl
        ? [
            {
              title: 'By the web ACL',
              logGroups: [webAcl],
              query: lines(
                'filter action = "BLOCK"',
                'stats count(*) as requests by terminatingRuleId, httpRequest.clientIp',
                'sort requests desc',
                'limit 10',
              ),
            },
          ]
        : []),
    ],
    heavy: [top('Tenants', 'organization.id'), top('Callers', 'user.id'), top('Addresses', 'source.ip')],
    parts: [...backendParts(parts), ...tierParts(parts), ...sensitiveParts(parts)],
  };
}

function backendParts({ logs, backends }: DashboardParts) {
  const names = Object.keys(backends);
  const asked = Object.entries(backends)
    .slice(0, MOST_TABLES)
    .map(([name, operations]): Question => {
      const { list, left } = listOf(operations);
      return {
        title: left === 0 ? name : `${name} (without ${left} operations for which there is no room)`,
        logGroups: [logs.access],
        query: lines(
          // of one backend everything is
          ...(names.length === 1 ? [] : [`filter event.action in ${list}`]),
          'stats count(*) as requests, pct(gateway.integration.latency, 99) as latency by gateway.integration.status, error.type',
          'sort requests desc',
          'limit 10',
        ),
      };
    });
  return [{ title: 'By backend', text: shown(names, 'Latency in ms, of one request in a hundred.'), asked }];
}

function tierParts({ logs, tiers }: DashboardParts) {
  const names = Object.keys(tiers);
  if (names.length === 0) return [];
  const allowed = names.slice(0, MOST_TABLES).map((name) => `**${name}**: ${tiers[name]}`);
  const asked = {
    title: 'Tiers',
    logGroups: [logs.access],
    query: lines(
      'filter gateway.tier != "-"',
      'stats count(*) as requests, count_distinct(organization.id) as tenants by gateway.tier, http.response.status_code',
      'sort requests desc',
      'limit 50',
    ),
  };
  return [{ title: 'By tier', text: allowed.join('; '), asked: [asked] }];
}

/** One table for each operation, or one for all where they are many. */
function sensitiveParts({ logs, sensitive }: DashboardParts) {
  if (sensitive.length === 0) return [];
  const ask = (title: string, list: string): Question => ({
    title,
    logGroups: [logs.access],
    query: lines(
      `filter event.action in ${list}`,
      'stats count(*) as requests, count_distinct(source.ip) as addresses by event.action, user.id, http.response.status_code',
      'sort requests desc',
      'limit 20',
    ),
  });
  const { list, left } = listOf(sensitive);
  const asked =
    sensitive.length > MOST_TABLES
      ? [ask(left === 0 ? 'All' : `All but ${left} for which there is no room`, list)]
      : sensitive.map((operation) => ask(operation, listOf([operation]).list));
  return [{ title: 'By sensitive operation', text: 'Who used it.', asked }];
}

/** As many names as there is room for, as a query writes them. */
function listOf(names: readonly string[]): { readonly list: string; readonly left: number } {
  const taken: string[] = [];
  let length = 0;
  for (const name of names) {
    const text = JSON.stringify(name);
    length += text.length + 2;
    if (length > LONGEST_LIST) break;
    taken.push(text);
  }
  return { list: `[${taken.join(', ')}]`, left: names.length - taken.length };
}

function shown(names: readonly string[], text: string): string {
  return names.length > MOST_TABLES ? `${text} The first ${MOST_TABLES} of ${names.length}.` : text;
}

function lines(...commands: readonly string[]): string {
  return commands.join('\n| ');
}
