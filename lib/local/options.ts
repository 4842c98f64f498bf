import type { LogLine } from './logs/log-book';
import type { RequestRecord } from './logs/request-record';
import type { CloudTemplate } from './template/stack';

/** What to serve: a stack of an assembly, or a template by itself. */
export type LocalGatewaySource = AssemblySource | TemplateSource;

export interface AssemblySource {
  /** Folder of the cloud assembly (`cdk.out`), or the assembly that `app.synth()` returns. */
  readonly assembly: string | { readonly directory: string };
  /** Name, id or path of the stack. @default - the only stack with a REST API */
  readonly stackName?: string;
}

export interface TemplateSource {
  readonly template: CloudTemplate | Readonly<Record<string, unknown>>;
  /** Folder of each asset that the template's functions name, by object key. */
  readonly assets?: Readonly<Record<string, string>>;
  /** @default Local */
  readonly stackName?: string;
}

export interface LocalGatewayOptions {
  /** Where each private service runs here, for example `{ orders: 'http://127.0.0.1:3000' }`. */
  readonly backends: Readonly<Record<string, string>>;

  /** Port on 127.0.0.1. @default - a free one */
  readonly port?: number;

  /** Tells the time, in milliseconds of Unix time, to throttles, quotas, logs and functions. @default Date.now */
  readonly clock?: () => number;

  /** Tells how long things take, in milliseconds from any moment on. @default performance.now */
  readonly stopwatch?: () => number;

  /** Values of template parameters, those without a default first of all. @default - their defaults */
  readonly parameters?: Readonly<Record<string, string>>;

  /** Variables that functions get beside the template's, for example `NODE_EXTRA_CA_CERTS`. @default - none */
  readonly environment?: Readonly<Record<string, string>>;

  /** Logical id of the REST API to serve. @default - the template's first */
  readonly restApi?: string;

  /** Header whose value stands for the caller's address, for tests of rules on addresses. @default - none */
  readonly sourceIpHeader?: string;

  /** MaxMind databases for rules of the web ACL on countries and autonomous systems. @default - such rules are not evaluated */
  readonly geo?: { readonly country?: string; readonly asn?: string };

  /**
   * Lets nginx with ModSecurity and the OWASP Core Rule Set, as Debian installs them, stand in for AWS's managed rule
   * groups, which are not run here.
   *
   * @default false
   */
  readonly crs?: boolean;

  /** How many seconds a plan key made while running takes to work. @default 120 */
  readonly keyActivationSeconds?: number;

  /** Serves TLS with a throw-away certificate of the gateway's own, or with the one given. @default - plain HTTP */
  readonly tls?: TlsOptions;

  /** Client certificate and authorities towards private services, PEM. @default - none, and Node's own authorities */
  readonly backendTls?: { readonly cert?: string; readonly key?: string; readonly ca?: string };

  /** Port for `GET /requests` and the like; 0 takes a free one. @default - none */
  readonly controlPort?: number;

  /** Where the tables are: dynalite, DynamoDB Local (Java), or the address of a running one. @default dynalite */
  readonly dynamodb?: 'dynalite' | 'local' | { readonly endpoint: string };

  /** How many requests and log lines are kept. @default 1000 */
  readonly keep?: number;

  /** Called after each request. @default - nothing is */
  readonly onRequest?: (record: RequestRecord) => void;

  /** Called for each line a function or the access log writes, masked. @default - nothing is */
  readonly onLog?: (line: LogLine) => void;
}

export interface TlsOptions {
  /** Certificate chain and key, PEM. @default - a throw-away certificate for localhost and 127.0.0.1 */
  readonly cert?: string;
  readonly key?: string;
  /** Authorities of client certificates, PEM; with it, a client must show one. */
  readonly clientAuthorities?: string;
}
