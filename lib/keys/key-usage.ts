import type { CloudWatchLogsClient, ResultField } from '@aws-sdk/client-cloudwatch-logs';
import { importPeer } from '../local/optional-peer';
import { KEY_QUERY, TENANT_QUERY } from '../protocol/saved-queries';
import { explainAws, notAws } from './explain-aws';
import { keyError } from './key-error';
import { checkKeyId } from './key-id';

export interface UsageQuestion {
  /** Stack of the gateway. */
  readonly stack: string;
  readonly key?: string;
  readonly tenant?: string;
  readonly sinceSeconds: number;
}

export interface UsageOptions {
  readonly client: CloudWatchLogsClient;
  /** Seconds of Unix time. */
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<unknown>;
}

/** One line of the answer, by the names of its columns, the gateway's among them. */
export type UsageRow = Readonly<Record<string, string>>;

/** How long CloudWatch Logs may take over an answer, and how often it is asked for it. */
const ATTEMPTS = 120;
const PAUSE_MILLIS = 500;

/** What a key or a tenant did, by the saved query of each gateway of a stack. */
export class KeyUsage {
  constructor(private readonly options: UsageOptions) {}

  /** @throws GatewayConfigurationError if neither or both are named, or the stack has no such query. */
  public async ask(question: UsageQuestion): Promise<UsageRow[]> {
    const { saved, subject } = subjectOf(question);
    const definitions = await this.definitions(`${question.stack}/`, `/${saved.question}`);
    if (definitions.length === 0) {
      throw keyError(
        'NO_SAVED_QUERY',
        question.stack,
        `no gateway of this stack has the saved query '${saved.question}'`,
        'name the stack of the gateway, not that of the key store, and deploy it once with this version',
      );
    }
    const answers = await Promise.all(
      definitions.map(async ({ name, queryString, logGroupNames }) => {
        const gateway = name.slice(0, -saved.question.length - 1);
        const query = queryString.replaceAll(saved.placeholder, () => subject);
        const rows = await this.run(query, logGroupNames, question.sinceSeconds);
        return rows.map((row) => ({ gateway, ...row }));
      }),
    );
    return answers.flat();
  }

  private async definitions(queryDefinitionNamePrefix: string, ending: string) {
    const { DescribeQueryDefinitionsCommand } = await sdk();
    const found: { readonly name: string; readonly queryString: string; readonly logGroupNames: string[] }[] =
      [];
    let nextToken: string | undefined;
    do {
      const page: DefinitionPage = await this.asking(() =>
        this.options.client.send(
          new DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix, nextToken }),
        ),
      );
      if (!page.queryDefinitions) throw notAws('keys usage', 'it lists no saved queries');
      for (const { name = '', queryString = '', logGroupNames = [] } of page.queryDefinitions) {
        if (name.endsWith(ending)) found.push({ name, queryString, logGroupNames });
      }
      nextToken = page.nextToken;
    } while (nextToken);
    return found;
  }

  private async run(queryString: string, logGroupNames: string[], sinceSeconds: number): Promise<UsageRow[]> {
    const { StartQueryCommand, GetQueryResultsCommand } = await sdk();
    const { client, now, wait } = this.options;
    const endTime = now();
    const startTime = endTime - sinceSeconds;
    const { queryId } = await this.asking(() =>
      client.send(new StartQueryCommand({ queryString, logGroupNames, startTime, endTime })),
    );
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { status, results = [] } = await this.asking(() =>
        client.send(new GetQueryResultsCommand({ queryId })),
      );
      if (status === 'Complete') return results.map(rowOf);
      if (status !== 'Running' && status !== 'Scheduled') break;
      await wait(PAUSE_MILLIS);
    }
    throw keyError(
      'QUERY_FAILED',
      logGroupNames.join(),
      'CloudWatch Logs did not come to an answer',
      'ask for a shorter time by --since, or run the saved query in the console',
    );
  }

  private async asking<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (cause) {
      throw explainLogs(cause);
    }
  }
}

interface DefinitionPage {
  readonly queryDefinitions?: {
    readonly name?: string | undefined;
    readonly queryString?: string | undefined;
    readonly logGroupNames?: string[] | undefined;
  }[];
  readonly nextToken?: string;
}

// as tenants are named when they are made: nothing that could end the text it stands in
const TENANT = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,127}$/;
const EMAIL = /@[A-Za-z0-9-]+\./;

function subjectOf({ key, tenant }: UsageQuestion) {
  if ((key === undefined) === (tenant === undefined)) {
    throw keyError('USAGE_OF_WHAT', 'keys usage', 'one of --key and --tenant is needed', 'give one of them');
  }
  if (key !== undefined) {
    checkKeyId(key);
    return { saved: KEY_QUERY, subject: key };
  }
  const subject = tenant ?? '';
  if (!TENANT.test(subject)) {
    throw keyError(
      'USAGE_OF_WHAT',
      'keys usage',
      `there can be no such tenant, got ${JSON.stringify(subject)}`,
      'give its name as `tenants list` shows it',
    );
  }
  if (EMAIL.test(subject)) {
    throw keyError(
      'USAGE_OF_WHAT',
      'keys usage',
      `the access log masks e-mail addresses, and so the tenant ${JSON.stringify(subject)}`,
      'ask by its keys: `keys list --tenant` names them',
    );
  }
  return { saved: TENANT_QUERY, subject };
}

function rowOf(row: readonly ResultField[]): UsageRow {
  return Object.fromEntries(
    row.flatMap(({ field, value }) => (field && field !== '@ptr' ? [[field, value ?? '']] : [])),
  );
}

function explainLogs(cause: unknown): unknown {
  return explainAws(cause, 'keys usage', {
    AccessDeniedException: {
      code: 'NO_PERMISSION',
      message: 'AWS does not let you run queries on the access log',
      remedy: 'use a role with logs:DescribeQueryDefinitions, logs:StartQuery and logs:GetQueryResults',
    },
  });
}

function sdk() {
  return importPeer('@aws-sdk/client-cloudwatch-logs', import('@aws-sdk/client-cloudwatch-logs'));
}
