import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isFromPage } from '../server/web-page';
import { type Json, objectOf } from '../template/read';
import type { ControlRequest } from './plan-control';
import { ServiceError } from './service-error';

/** Answers an operation of a service that speaks JSON with `X-Amz-Target`. */
type Service = (operation: string, input: Json) => Json;

export interface ServiceEndpointOptions {
  /** By the prefix of `X-Amz-Target`, for example `secretsmanager`. */
  readonly services: Readonly<Record<string, Service>>;
  /** Requests without a target: the control plane of API Gateway. */
  control(request: ControlRequest): { readonly status: number; readonly body: Json };
}

/**
 * One endpoint for the AWS services that functions and the command line call. What it does not know it refuses,
 * so that no call reaches AWS by mistake.
 */
export function createServiceEndpoint(options: ServiceEndpointOptions): Server {
  return createServer((request, response) => {
    answer(request, options)
      .catch((cause: unknown) => errorAnswer(cause))
      .then((result) => write(response, result));
  });
}

interface Result {
  readonly status: number;
  readonly body: Json;
  readonly errorType?: string;
}

async function answer(
  request: IncomingMessage,
  { services, control }: ServiceEndpointOptions,
): Promise<Result> {
  if (isFromPage(request)) throw new ServiceError('AccessDeniedException', 'no web page may ask', 403);
  const body = await readJson(request);
  const target = request.headers['x-amz-target'];
  if (typeof target !== 'string') {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    return control({ method: request.method ?? 'GET', path: pathname, query: searchParams, body });
  }

  const [service = '', operation = ''] = target.split('.');
  const known = Object.hasOwn(services, service) ? services[service] : undefined;
  if (!known) throw new ServiceError('UnknownOperationException', `${service} is not run here`);
  return { status: 200, body: known(operation, body) };
}

function errorAnswer(cause: unknown): Result {
  const { type, status, message } =
    cause instanceof ServiceError ? cause : new ServiceError('InternalServiceError', String(cause), 500);
  return { status, body: { __type: type, message, Message: message }, errorType: type };
}

function write(response: ServerResponse, { status, body, errorType }: Result): void {
  response.writeHead(status, {
    'Content-Type': 'application/x-amz-json-1.1',
    ...(errorType && { 'x-amzn-ErrorType': errorType }),
  });
  response.end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : objectOf(JSON.parse(text));
}
