import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createThrowawayAuthority } from '../../../lib/local/throwaway-authority';

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

export interface TestServer {
  readonly url: string;
  /** Trusts this server and nobody else. */
  readonly agent: Agent;
  /** PEM. */
  readonly authority: string;
  readonly requests: string[];
  behave: Behaviour;
  readonly close: () => Promise<void>;
}

/** A real HTTPS server on loopback that behaves as it is told. */
export async function startServer(behave: Behaviour): Promise<TestServer> {
  const authority = await createThrowawayAuthority();
  const requests: string[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer(await authority.issue(), (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    running.behave(request, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const running: TestServer = {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    agent: new Agent({ ca: authority.certificate, keepAlive: false }),
    authority: authority.certificate,
    requests,
    behave,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return running;
}

export const answerJson =
  (value: unknown, headers: Readonly<Record<string, string>> = {}): Behaviour =>
  (_, response) =>
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
