import { createServer, type Server } from 'node:http';

/** What the control port tells. */
export interface ControlSource {
  requests(): unknown;
  logs(): unknown;
  metrics(): unknown;
}

/** Answers `GET /requests`, `/logs` and `/metrics` to programs on this machine, and to no web page. */
export function createControlServer(source: ControlSource): Server {
  return createServer(({ method, url, headers }, response) => {
    const answers: Readonly<Record<string, () => unknown>> = {
      '/requests': () => source.requests(),
      '/logs': () => source.logs(),
      '/metrics': () => source.metrics(),
    };
    // a page whose name was pointed at this machine would come with its own name
    const own = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? '');
    const answer = own && method === 'GET' ? answers[url?.split('?')[0] ?? ''] : undefined;
    response.writeHead(answer ? 200 : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(answer?.() ?? { paths: Object.keys(answers) }));
  });
}
