import { LocalGateway, type LocalGatewayOptions } from '../../lib/local';
import { startBackend, type TestBackend } from './backend';
import { ASSETS, type TemplateChanges, template } from './template';

/** A gateway and the private service behind it. */
export interface Running {
  readonly gateway: LocalGateway;
  readonly backend: TestBackend;
  send(request: string, options?: SendOptions): Promise<Answered>;
  close(): Promise<void>;
}

export interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** What the test authorizer does. */
  readonly play?: object;
  /** What the test service answers. */
  readonly respond?: object;
  readonly body?: string | Buffer;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const open = new Set<Running>();

// a test that failed in its middle has not closed its own
afterAll(() => Promise.all([...open].map((running) => running.close())));

export async function run(
  changes: TemplateChanges = {},
  options: Partial<LocalGatewayOptions> = {},
): Promise<Running> {
  const backend = await startBackend();
  const gateway = await LocalGateway.start(
    { template: template(changes), assets: ASSETS },
    { backends: { orders: backend.url }, ...options },
  );
  const running: Running = {
    gateway,
    backend,
    /** `METHOD path`, the path seen from the API. */
    async send(request, { headers, play, respond, body } = {}) {
      const [method = 'GET', path = '/'] = request.split(' ');
      const response = await fetch(`${gateway.url}${path.slice(1)}`, {
        method,
        headers: {
          ...headers,
          ...(play && { Play: JSON.stringify(play) }),
          ...(respond && { Respond: JSON.stringify(respond) }),
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
    async close() {
      open.delete(running);
      await gateway.close();
      await backend.close();
    },
  };
  open.add(running);
  return running;
}
