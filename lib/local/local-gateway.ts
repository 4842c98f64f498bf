import type { Server } from 'node:http';
import { type Deployment, readDeployment } from './deployment';
import { EmulatedServices } from './emulated/emulated-services';
import type { LocalFunction } from './functions/local-function';
import { rotateSecrets } from './functions/rotate-secrets';
import { startFunctions } from './functions/start-functions';
import { createSteps } from './gateway-steps';
import { BackendCaller } from './integration/call-backend';
import { LogBook, type LogLine } from './logs/log-book';
import { type GatewayMetrics, MetricsBook } from './logs/metrics';
import type { RequestRecord } from './logs/request-record';
import { Ring } from './logs/ring';
import { readDomainTls, servedTls } from './model/read-domain-tls';
import type { LocalGatewayOptions, LocalGatewaySource } from './options';
import type { AskStandIn } from './pipeline/check-web-acl';
import { registerRecord } from './record-registry';
import { type ServingCertificate, servingCertificate } from './server/certificates';
import { type ClosableServer, closeServer } from './server/close';
import { createControlServer } from './server/control-server';
import { createGatewayServer } from './server/gateway-server';
import { listen } from './server/listen';
import { KEY_ACTIVATION_SECONDS, PlanBook } from './traffic/plan-book';
import { QuotaCounter } from './traffic/quota';
import { findPackages, type StandInPackages } from './web-acl/stand-in/packages';
import { StandIn } from './web-acl/stand-in/stand-in';

const KEEP = 1000;

/** Where a gateway's surroundings are reached, for programs that act on them: the key commands, a test. */
export interface GatewayEndpoints {
  /** Address of the DynamoDB; undefined if the template has no table. */
  readonly dynamodb?: string;
  /** Secrets Manager, Parameter Store, CloudWatch Logs' queries and API Gateway's control plane. */
  readonly services: string;
  /** Names of the tables. */
  readonly tables: readonly string[];
  /** `AWS_ENDPOINT_URL…` variables as the SDKs read them. */
  readonly environment: Readonly<Record<string, string>>;
  /** `GET /requests`, `/logs`, `/metrics`; undefined unless asked for. */
  readonly control?: string;
}

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
  /**
   * Starts a gateway; it answers once this resolves. Fails with a `GatewayConfigurationError` where the template cannot
   * be served, a backend has no address here, a port is taken or a package is missing.
   */
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
  private readonly stopwatch: () => number;
  private readonly deployment: Deployment;
  private readonly records: Ring<RequestRecord>;
  private readonly metricsBook = new MetricsBook();
  private readonly logBook: LogBook;
  private readonly caller: BackendCaller;
  private readonly plans: PlanBook;
  private readonly quotas: QuotaCounter;
  private functions: ReadonlyMap<string, LocalFunction> = new Map();
  private services: EmulatedServices | undefined;
  private readonly standInPackages: StandInPackages | undefined;
  private standIn: StandIn | undefined;
  private certificate: ServingCertificate | undefined;
  private server: ClosableServer | undefined;
  private controlServer: Server | undefined;
  private port = 0;
  private controlPort = 0;

  private constructor(
    source: LocalGatewaySource,
    private readonly options: LocalGatewayOptions,
  ) {
    const { clock = Date.now, keep = KEEP, backendTls, onLog } = options;
    const { keyActivationSeconds = KEY_ACTIVATION_SECONDS } = options;
    this.now = clock;
    this.stopwatch = options.stopwatch ?? (() => performance.now());
    this.standInPackages = options.crs ? findPackages() : undefined;
    this.deployment = readDeployment(source, options, clock, this.standInPackages?.name);
    this.records = new Ring(keep);
    this.logBook = new LogBook(this.deployment.masking, clock, keep, (line) => {
      this.metricsBook.addLine(line.line);
      onLog?.(line);
    });
    this.caller = new BackendCaller(shownTls(this.deployment, backendTls));
    this.plans = new PlanBook(this.deployment.plans, clock, keyActivationSeconds);
    this.quotas = new QuotaCounter(clock);
  }

  /** Where the API answers, stage or base path included, with a slash at the end like `RestApi.url`. */
  public get url(): string {
    const { basePath } = this.deployment.api;
    const origin = `${this.certificate ? 'https' : 'http'}://127.0.0.1:${this.port}/`;
    return basePath === '' ? origin : `${origin}${basePath}/`;
  }

  /** Certificate of the throw-away authority, PEM, which clients must trust; undefined without one. */
  public get authority(): string | undefined {
    return this.certificate?.authority;
  }

  /** What of the template is not as deployed, one sentence each. */
  public get ignored(): readonly string[] {
    return this.deployment.ignored;
  }

  public get endpoints(): GatewayEndpoints {
    const { services, controlServer } = this;
    const { dynamodb, endpoint = '', tables = [], environment = {} } = services ?? {};
    return {
      ...(dynamodb && { dynamodb }),
      services: endpoint,
      tables,
      environment,
      ...(controlServer && { control: `http://127.0.0.1:${this.controlPort}` }),
    };
  }

  /** The newest requests, oldest first, each with its way through the stages. */
  public requests(): readonly RequestRecord[] {
    return this.records.items();
  }

  /** The newest lines of a log group (part of its name is enough), or of all; masked. */
  public logs(logGroup?: string): readonly LogLine[] {
    return this.logBook.lines(logGroup);
  }

  /** Those of the newest lines that subscription filters hand on, as they leave: masked. */
  public exported(): readonly LogLine[] {
    const { subscriptions } = this.deployment;
    return this.logs().filter(({ logGroup, line }) => subscriptions.handsOn(logGroup, line));
  }

  public metrics(): GatewayMetrics {
    const functions = [...new Set(this.functions.values())].map(
      ({ model, metrics }) => [model.name, metrics] as const,
    );
    return {
      ...this.metricsBook.read(),
      functions: Object.fromEntries(functions),
      webAcl: this.deployment.webAcl?.metrics() ?? {},
    };
  }

  /** Ends the servers and the functions. */
  public async close(): Promise<void> {
    const { server, controlServer, services, standIn } = this;
    this.services = undefined;
    this.standIn = undefined;
    for (const running of this.functions.values()) running.close();
    this.caller.close();
    await Promise.all([closeServer(server), closeServer(controlServer), services?.close(), standIn?.close()]);
  }

  private async open(): Promise<void> {
    const { options, deployment, logBook: logs, plans, quotas, now } = this;
    const { api, resolver } = deployment;
    this.server = await this.createServer();
    // first, so that a port that is taken is known before anything is started
    this.port = await listen(this.server, options.port ?? 0, 'local gateway');
    if (this.standInPackages && deployment.webAcl?.standIn !== undefined) {
      this.standIn = await StandIn.start(this.standInPackages);
    }
    this.services = await EmulatedServices.start({
      resolver,
      plans,
      quotas,
      now,
      dynamodb: options.dynamodb,
      lines: () => logs.lines(),
    });
    this.functions = startFunctions(deployment.functions, {
      region: api.region,
      endpoints: this.services.environment,
      environment: options.environment ?? {},
      logs,
      clock: options.clock,
      stopwatch: this.stopwatch,
    });
    await rotateSecrets(deployment.rotations, this.functions);
    if (options.controlPort === undefined) return;

    this.controlServer = createControlServer(this);
    this.controlPort = await listen(this.controlServer, options.controlPort, 'control port');
  }

  private async createServer(): Promise<ClosableServer> {
    const { options, deployment, logBook: logs, plans, quotas, caller, now, stopwatch } = this;
    const domainTls = readDomainTls(deployment.resolver, deployment.api.domainName);
    this.certificate = options.tls && (await servingCertificate(servedTls(options.tls, domainTls)));
    const functionOf = (arn: string) => this.functions.get(arn);
    const askStandIn: AskStandIn = async (request, inspectedBytes) => {
      if (!this.standIn) throw new Error('the stand-in for managed groups is not running');
      return this.standIn.ask(request, inspectedBytes);
    };
    return createGatewayServer({
      api: deployment.api,
      steps: createSteps({ deployment, functionOf, plans, quotas, caller, logs, askStandIn, now }),
      logs,
      now,
      stopwatch,
      certificate: this.certificate,
      minVersion: domainTls.minVersion,
      ...(options.sourceIpHeader && { sourceIpHeader: options.sourceIpHeader }),
      record: (record) => this.record(record),
    });
  }

  private record(record: RequestRecord): void {
    this.records.push(record);
    this.metricsBook.add(record);
    registerRecord(record);
    this.options.onRequest?.(record);
  }
}

/** A client certificate is shown only where the stage has one, as when deployed. */
function shownTls(
  { api }: Deployment,
  backendTls: LocalGatewayOptions['backendTls'],
): LocalGatewayOptions['backendTls'] {
  if (!backendTls || api.stage.clientCertificate) return backendTls;
  return backendTls.ca === undefined ? {} : { ca: backendTls.ca };
}
