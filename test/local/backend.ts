import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the private service got it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** Values of a header, by exact spelling. */
  header(name: string): string | undefined;
}

/** A private service that keeps what it gets, and answers what the request's `Respond` header says. */
export interface TestBackend {
  readonly url: string;
  readonly received: Received[];
  last(): Received;
  close(): Promise<void>;
}

/** `pass` lets time go by, so many milliseconds of it, where `Respond` says that it takes so long. */
export async function startBackend(pass: (millis: number) => void = () => undefined): Promise<TestBackend> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { rawHeaders } = request;
    received.push({
      method: request.method ?? '',
      url: request.url ?? '',
      rawHeaders,
      body: Buffer.concat(chunks).toString('utf8'),
      header: (name) => {
        const at = rawHeaders.findIndex((item, index) => index % 2 === 0 && item === name);
        return at < 0 ? undefined : rawHeaders[at + 1];
      },
    });
    const played = JSON.parse(String(request.headers['respond'] ?? '{}'));
    if (played.hang) return;
    if (played.drop) {
      request.socket.destroy();
      return;
    }
    if (played.takes) pass(played.takes);
    response.writeHead(played.status ?? 200, { 'Content-Type': 'application/json', ...played.headers });
    response.end(played.body ?? '{"ok":true}');
  });
  await listen(server);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    last: () => received.at(-1) as Received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((done) => server.listen(0, '127.0.0.1', done));
}
