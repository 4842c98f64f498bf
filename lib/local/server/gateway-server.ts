import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { LogBook } from '../logs/log-book';
import type { RequestRecord } from '../logs/request-record';
import type { ApiModel } from '../model/api';
import { Exchange, type GatewayRequest, type Step } from '../pipeline/exchange';
import { runPipeline } from '../pipeline/pipeline';
import { substitute } from '../pipeline/substitute';
import type { ServingCertificate } from './certificates';
import type { ClosableServer } from './close';
import { type IncomingRequest, readRequest } from './read-request';
import { createTlsServer } from './tls-server';
import { type OutgoingResponse, writeResponse } from './write-response';

export interface GatewayServerOptions {
  readonly api: ApiModel;
  readonly steps: readonly Step[];
  readonly logs: LogBook;
  readonly now: () => number;
  readonly stopwatch: () => number;
  readonly certificate: ServingCertificate | undefined;
  /** Oldest version of TLS that is spoken. */
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  readonly sourceIpHeader?: string;
  /** Called with each request's record, before its response is written. */
  record(record: RequestRecord): void;
}

/** Larger than API Gateway's own limit, so that ours is the one that answers. */
const MAXIMUM_HEADER_BYTES = 64 * 1024;

/** Longer than clients keep connections, so that none sends a request into one that is being closed. */
const IDLE_MILLIS = 65_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The HTTP server in front of the pipeline; with a certificate it speaks HTTP/2 too, as AWS's endpoints do. */
export function createGatewayServer(options: GatewayServerOptions): ClosableServer {
  const listener = (message: IncomingRequest, out: OutgoingResponse) => {
    // a client that went away in the middle of its request gets no answer, and needs none
    serve(message, out, options).catch(() => message.destroy());
  };
  const { certificate } = options;
  const limits = { maxHeaderSize: MAXIMUM_HEADER_BYTES, keepAliveTimeout: IDLE_MILLIS };
  return certificate
    ? createTlsServer(
        {
          ...limits,
          minVersion: options.minVersion,
          cert: certificate.cert,
          key: certificate.key,
          ...(certificate.clientAuthorities && {
            ca: certificate.clientAuthorities,
            requestCert: true,
            rejectUnauthorized: true,
          }),
        },
        listener,
      )
    : createServer(limits, listener);
}

async function serve(
  message: IncomingRequest,
  out: OutgoingResponse,
  options: GatewayServerOptions,
): Promise<void> {
  const { api, steps, logs, now, stopwatch, record } = options;
  const startedAt = now();
  const request = await readRequest(message, api, options);
  const exchange = new Exchange(
    api,
    request,
    requestIdOf(request),
    randomBytes(11).toString('base64'),
    startedAt,
    stopwatch,
  );
  const outcome = await runPipeline(steps, exchange);
  const { accessLog } = api.stage;
  const logGroup = accessLog?.logGroup ?? '';
  const logLine = accessLog && logs.write(logGroup, substitute(accessLog.format, exchange, '-'));
  // the path is shown on terminals: what the log hides in it, they hide too
  const path = logs.mask(logGroup, request.path);
  record({ ...outcome.record, path, ...(logLine !== undefined && { logLine }) });
  writeResponse(out, exchange, outcome.response);
}

/** A client may choose it (aws-facts 8.6); the extended id it may not. */
function requestIdOf({ headers }: GatewayRequest): string {
  const given = headers.find(([name]) => name.toLowerCase() === 'x-amzn-requestid')?.[1];
  return given && UUID.test(given) ? given : randomUUID();
}
