import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createThrowawayAuthority } from '../../../lib/local/throwaway-authority';

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** A server of feeds over TLS, which behaves as it is told to. */
export class FeedServer {
  public readonly behaviours = new Map<string, Behaviour>();
  public readonly asked: string[] = [];

  private constructor(
    private readonly server: Server,
    public readonly agent: Agent,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.asked.push(request.url ?? '');
      const behave = this.behaviours.get(request.url ?? '');
      if (behave) behave(request, response);
      else response.writeHead(404).end();
    });
  }

  public static async start(): Promise<FeedServer> {
    const authority = await createThrowawayAuthority();
    const server = createServer(await authority.issue());
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));

    return new FeedServer(server, new Agent({ ca: authority.certificate }));
  }

  public url(path: string): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  /** An agent that finds every name at one address. */
  public lookingUp(address: string): Agent {
    return new Agent({
      ...this.agent.options,
      lookup: (_, options, done) =>
        options.all ? done(null, [{ address, family: 4 }]) : done(null, address, 4),
    });
  }

  public serve(path: string, text: string) {
    this.behaviours.set(path, (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(text);
    });
  }

  public async stop() {
    this.agent.destroy();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
