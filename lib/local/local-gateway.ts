import type { Server } from 'node:http';
import { type Deployment, readDeployment } from './deployment';
import type { LocalFunction } from './functions/local-function';
import { startFunctions } from './functions/start-functions';
import { BackendCaller } from './integration/call-backend';
import { integrate } from './integration/integrate';
import { LogBook, type LogLine } from './logs/log-book';
import { type GatewayMetrics, MetricsBook } from './logs/metrics';
import type { RequestRecord } from './logs/request-record';
import { Ring } from './logs/ring';
import type { LocalGatewayOptions, LocalGatewaySource } from './options';
import { authorize } from './pipeline/authorize';
import { checkLimits } from './pipeline/check-limits';
import { checkPlan, checkStageThrottle } from './pipeline/check-plan';
import { checkWebAcl } from './pipeline/check-web-acl';
import type { Step } from './pipeline/exchange';
import { findMethod } from './pipeline/find-method';
import { validateRequest } from './pipeline/validate-request';
import { createGatewayServer } from './server/gateway-server';
import { listen } from './server/listen';
import { KEY_ACTIVATION_SECONDS, PlanBook } from './traffic/plan-book';
import { QuotaCounter } from './traffic/quota';

const KEEP = 1000;

/**
 * Serves a synthesized gateway on this machine, as API Gateway would deploy it.
 *
 * Everything is read from the template: routes, authorizer, plans, validators, gateway responses, mappings,
 * log format. Functions run from their real bundles in processes of their own.
 *
 * @example
 * const gateway = await LocalGateway.start({ assembly: 'cdk.out' }, { backends: { orders: 'http://127.0.0.1:3000' } });
 * const response = await fetch(new URL('orders', gateway.url));
 * await gateway.close();
 */
export class LocalGateway {
  /** Starts a gateway; it answers once this resolves. */
  public static async start(source: LocalGatewaySource, options: LocalGatewayOptions): Promise<LocalGateway> {
    const gateway = new LocalGateway(source, options);
    try {
      await gateway.open();
    } catch (cause) {
      await gateway.close();
      throw cause;
    }
    return gateway;
  }

  private readonly now: () => number;
  private readonly deployment: Deployment;
  private readonly records: Ring<RequestRecord>;
  private readonly metricsBook = new MetricsBook();
  private readonly logBook: LogBook;
  private readonly caller: BackendCaller;
  private functions: ReadonlyMap<string, LocalFunction> = new Map();
  private server: Server | undefined;
  private address = '';

  private constructor(
    source: LocalGatewaySource,
    private readonly options: LocalGatewayOptions,
  ) {
    const { clock = Date.now, keep = KEEP, backendTls, onLog } = options;
    this.now = clock;
    this.deployment = readDeployment(source, options, clock);
    this.records = new Ring(keep);
    this.logBook = new LogBook(this.deployment.masking, clock, keep, onLog);
    this.caller = new BackendCaller(backendTls);
  }

  /** Where the API answers, stage or base path included, with a slash at the end like `RestApi.url`. */
  public get url(): string {
    const { basePath } = this.deployment.api;
    return basePath === '' ? `${this.address}/` : `${this.address}/${basePath}/`;
  }

  /** What of the template is not as deployed, one sentence each. */
  public get ignored(): readonly string[] {
    return this.deployment.ignored;
  }

  /** The newest requests, oldest first, each with its way through the stages. */
  public requests(): readonly RequestRecord[] {
    return this.records.items();
  }

  /** The newest lines of a log group (part of its name is enough), or of all; masked. */
  public logs(logGroup?: string): readonly LogLine[] {
    return this.logBook.lines(logGroup);
  }

  public metrics(): GatewayMetrics {
    return this.metricsBook.read();
  }

  /** Ends the server, the functions and what they were served with. */
  public async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const running of this.functions.values()) running.close();
    this.caller.close();
    if (!server?.listening) return;

    await new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  }

  private async open(): Promise<void> {
    const { options, deployment, logBook: logs } = this;
    this.functions = startFunctions(deployment.functions, {
      region: deployment.api.region,
      endpoints: {},
      environment: options.environment ?? {},
      logs,
      clock: options.clock,
    });
    this.server = createGatewayServer({
      api: deployment.api,
      steps: this.steps(),
      logs,
      now: this.now,
      certificate: undefined,
      ...(options.sourceIpHeader && { sourceIpHeader: options.sourceIpHeader }),
      record: (record) => this.record(record),
    });
    const port = await listen(this.server, options.port ?? 0, 'local gateway');
    this.address = `http://127.0.0.1:${port}`;
  }

  /** In the order of aws-facts section 6. */
  private steps(): readonly Step[] {
    const { now, functions } = this;
    const { api, plans, targets, webAcl } = this.deployment;
    const { keyActivationSeconds = KEY_ACTIVATION_SECONDS } = this.options;
    const book = new PlanBook(plans, now, keyActivationSeconds);
    return [
      checkLimits(),
      checkWebAcl(webAcl),
      findMethod(api),
      authorize({ functions, now }),
      checkPlan({ plans: book, quotas: new QuotaCounter(now), now }),
      checkStageThrottle(api, now),
      validateRequest(api),
      integrate({ targets, caller: this.caller, functions }),
    ];
  }

  private record(record: RequestRecord): void {
    this.records.push(record);
    this.metricsBook.add(record);
    this.options.onRequest?.(record);
  }
}
