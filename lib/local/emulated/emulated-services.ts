import type { Server } from 'node:http';
import type { Endpoints } from '../functions/function-environment';
import type { LogLine } from '../logs/log-book';
import type { LocalGatewayOptions } from '../options';
import { closeServer } from '../server/close';
import { listen } from '../server/listen';
import type { TemplateResolver } from '../template/resolver';
import type { PlanBook } from '../traffic/plan-book';
import type { QuotaCounter } from '../traffic/quota';
import { type Database, startDatabase } from './database';
import { Parameters } from './parameters';
import { answerPlanControl } from './plan-control';
import { QueriedLogs } from './queried-logs';
import { Secrets } from './secrets';
import { createServiceEndpoint } from './service-endpoint';
import { createTableRequests } from './tables';

export interface EmulatedServicesOptions {
  readonly resolver: TemplateResolver;
  readonly plans: PlanBook;
  readonly quotas: QuotaCounter;
  readonly now: () => number;
  readonly dynamodb: LocalGatewayOptions['dynamodb'];
  /** What the log groups hold. */
  readonly lines: () => readonly LogLine[];
}

/** The AWS services a gateway's functions and commands call, on loopback. */
export class EmulatedServices {
  public static async start(options: EmulatedServicesOptions): Promise<EmulatedServices> {
    const { resolver, plans, quotas, now, lines, dynamodb = 'dynalite' } = options;
    const tables = createTableRequests(resolver);
    const secrets = new Secrets(resolver);
    const parameters = new Parameters(resolver);
    const logs = new QueriedLogs(resolver, lines);
    const server = createServiceEndpoint({
      services: {
        secretsmanager: (operation, input) => secrets.answer(operation, input),
        AmazonSSM: (operation, input) => parameters.answer(operation, input),
        Logs_20140328: (operation, input) => logs.answer(operation, input),
      },
      control: (request) => answerPlanControl(request, { plans, quotas, now }),
    });
    const port = await listen(server, 0, 'AWS services');
    // a template without tables needs no database, nor its package
    const database = tables.length > 0 ? await startDatabase(dynamodb, tables) : undefined;
    const names = tables.map(({ TableName }) => TableName);
    return new EmulatedServices(server, `http://127.0.0.1:${port}`, database, names);
  }

  private constructor(
    private readonly server: Server,
    /** Secrets Manager, Parameter Store, CloudWatch Logs' queries and API Gateway's control plane. */
    public readonly endpoint: string,
    private readonly database: Database | undefined,
    /** Names of the tables. */
    public readonly tables: readonly string[],
  ) {}

  /** Address of the DynamoDB; undefined if the template has no table. */
  public get dynamodb(): string | undefined {
    return this.database?.endpoint;
  }

  /** As the SDKs read them; services not named reach our endpoint too, which refuses them. */
  public get environment(): Endpoints {
    const { endpoint } = this;
    return {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
      AWS_ENDPOINT_URL_SSM: endpoint,
      AWS_ENDPOINT_URL_API_GATEWAY: endpoint,
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: endpoint,
      ...(this.database && { AWS_ENDPOINT_URL_DYNAMODB: this.database.endpoint }),
    };
  }

  public async close(): Promise<void> {
    await this.database?.close();
    await closeServer(this.server);
  }
}
