import { createServer, type Server } from 'node:http';
import { isFromPage } from './web-page';

/** What the control port tells. */
export interface ControlSource {
  requests(): unknown;
  logs(): unknown;
  metrics(): unknown;
}

/** Answers `GET /requests`, `/logs` and `/metrics` to programs on this machine, and to no web page. */
export function createControlServer(source: ControlSource): Server {
  return createServer((request, response) => {
    const { method, url } = request;
    const answers: Readonly<Record<string, () => unknown>> = {
      '/requests': () => source.requests(),
      '/logs': () => source.logs(),
      '/metrics': () => source.metrics(),
    };
    const answer = method === 'GET' && !isFromPage(request) ? answers[url?.split('?')[0] ?? ''] : undefined;
    response.writeHead(answer ? 200 : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(answer?.() ?? { paths: Object.keys(answers) }));
  });
}
