import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export interface Call {
  readonly headers: IncomingMessage['headers'];
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export type Behaviour = (response: ServerResponse, call: Call, count: number) => void;

export interface TestService {
  readonly endpoint: string;
  readonly calls: Call[];
  behave: Behaviour;
  readonly close: () => Promise<void>;
}

/** Stands for an AWS service: a real HTTP server on loopback that behaves as it is told. */
export async function startService(behave: Behaviour): Promise<TestService> {
  const sockets = new Set<Duplex>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
      const call = { headers: request.headers, operation, input: JSON.parse(body), body };
      service.calls.push(call);
      service.behave(response, call, service.calls.length);
    });
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const service: TestService = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    behave,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return service;
}

export const answer =
  (value: object, status = 200): Behaviour =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(value));

/** An error as AWS's JSON protocol words it. */
export const refuse = (type: string, status = 400): Behaviour =>
  answer({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'no' }, status);

/** Environment of a function whose services are all this one. */
export function environment(endpoint: string): NodeJS.ProcessEnv {
  return {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    AWS_SESSION_TOKEN: 'a/session+token=',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
  };
}
