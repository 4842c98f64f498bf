import type { Stage } from '../../protocol/refusals';
import type { ApiModel } from '../model/api';
import type { HeaderList } from './header-list';
import { headerValue } from './header-list';
import { decodePath, type Match } from './router';

/** A request as it came in. */
export interface GatewayRequest {
  readonly method: string;
  /** As it came, before any header overrode it. */
  readonly sentMethod: string;
  /** Without the query, with stage or base path. */
  readonly path: string;
  /** The path within the API; undefined where the request is for no path of it. */
  readonly apiPath: string | undefined;
  /** In order, decoded, duplicates kept. */
  readonly query: HeaderList;
  readonly rawQuery: string;
  readonly headers: HeaderList;
  /** Unpacked, as API Gateway does it. */
  readonly body: Buffer;
  /** As it came, still compressed. */
  readonly sentBody: Buffer;
  /** The body is not of the content coding that its header names, or of one that API Gateway does not know. */
  readonly undecodable: boolean;
  readonly sourceIp: string;
  readonly protocol: string;
  readonly tls?: { readonly version: string; readonly cipherSuite: string };
  readonly clientCertificate?: ClientCertificate;
  /** The body was longer than API Gateway takes, and was not read to its end. */
  readonly tooLarge: boolean;
}

/** As a REQUEST authorizer's event has it (aws-facts 12.5). */
export interface ClientCertificate {
  readonly clientCertPem: string;
  readonly subjectDN: string;
  readonly issuerDN: string;
  readonly serialNumber: string;
  readonly validity: { readonly notBefore: string; readonly notAfter: string };
}

/** API Gateway reads several slashes in front of a path as one. */
export function oneSlash(path: string): string {
  return path.replace(/^\/+/, '/');
}

/** What an authorizer said. */
export interface AuthorizerResult {
  readonly principalId: string;
  readonly context: Readonly<Record<string, string>>;
  readonly usageIdentifierKey?: string;
}

/** What ends a request. */
export type Answer = Refusal | Response;

/** The gateway's own answer, whose form the gateway response of this type gives. */
export interface Refusal {
  readonly kind: 'refusal';
  /** API Gateway's type, for example `ACCESS_DENIED`. */
  readonly responseType: string;
  readonly message: string;
  readonly stage: Stage;
  readonly rule?: string;
  readonly validationError?: string;
}

export interface Response {
  readonly kind: 'response';
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer;
  /** Set where this answer refuses the request: a web ACL's own response. */
  readonly refusedBy?: Stage;
  readonly rule?: string;
}

/** One request on its way, and what is known of it so far. */
export class Exchange {
  public match: Match | undefined;
  public authorizer: AuthorizerResult | undefined;
  public apiKey: { readonly id: string; readonly value: string } | undefined;

  /** `$context` variables that steps found, without the prefix. */
  public readonly variables = new Map<string, string>();

  /** What the current step wants said of it in the record. */
  public note: string | undefined;

  constructor(
    public readonly api: ApiModel,
    public readonly request: GatewayRequest,
    public readonly requestId: string,
    public readonly extendedRequestId: string,
    /** Milliseconds of Unix time, by the gateway's clock. */
    public readonly startedAt: number,
    /** Milliseconds, by which durations are measured. */
    public readonly stopwatch: () => number,
  ) {}

  public header(name: string): string | undefined {
    return headerValue(this.request.headers, name);
  }

  /** Decoded, as mappings hand it on (aws-facts 4.18); events have it as it was sent. */
  public pathParameter(name: string): string | undefined {
    const parameters = this.match?.pathParameters ?? {};
    return Object.hasOwn(parameters, name) ? decodePath(parameters[name] ?? '') : undefined;
  }

  /** The path as `$context` has it: slashes in front are one. */
  public get contextPath(): string {
    return oneSlash(this.request.path);
  }

  public queryValue(name: string): string | undefined {
    return this.request.query.filter(([key]) => key === name).at(-1)?.[1];
  }
}

/** One station of the pipeline: lets a request through, or answers it. */
export interface Step {
  readonly stage: Stage;
  run(exchange: Exchange): Answer | undefined | Promise<Answer | undefined>;
}
