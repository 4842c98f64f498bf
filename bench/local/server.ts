import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LocalGateway } from '../../lib/local';
import { ASSETS, proxied, template } from '../../test/local/template';

const [role, backend = ''] = process.argv.slice(2);

main();

async function main(): Promise<void> {
  const url =
    role === 'gateway' ? await gateway() : await listen(role === 'proxy' ? bareProxy() : plainBackend());
  process.on('message', () => {
    // what could be freed is not held
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    process.send?.(`${Math.round(heapUsed / 2 ** 20)}/${Math.round(rss / 2 ** 20)}`);
  });
  process.on('disconnect', () => process.exit());
  process.send?.(url);
}

/** A guarded, validated and mapped API in front of the service. */
async function gateway(): Promise<string> {
  const checked = {
    'x-amazon-apigateway-request-validator': 'body',
    requestBody: { content: { $default: { schema: { type: 'object', required: ['sku'] } } } },
  };
  const requestParameters = {
    'integration.request.header.X-User-Id': 'context.authorizer.userId',
    'integration.request.header.Authorization': "'-'",
  };
  const served = await LocalGateway.start(
    {
      template: template({
        operations: {
          'GET /orders': proxied('/orders', {}, { requestParameters }),
          'POST /orders': proxied('/orders', checked, { requestParameters }),
        },
        body: {},
      }),
      assets: ASSETS,
    },
    {
      backends: { orders: backend },
      // the load has no request whose answer is one of these
      onRequest: ({ status, rule, milliseconds }) => {
        if (status >= 500) console.error(`${status}: ${rule} after ${Math.round(milliseconds)} ms`);
      },
    },
  );
  return served.url;
}

/** The least a proxy does: one connection in, one out, bodies piped. */
function bareProxy(): Server {
  const agent = new Agent({ keepAlive: true });
  return createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const onward = request(new URL(url ?? '/', backend), { method, headers, agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
}

function plainBackend(): Server {
  return createServer((incoming, outgoing) => {
    incoming.resume();
    outgoing.setHeader('Content-Type', 'application/json');
    outgoing.end('{"ok":true}');
  });
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
