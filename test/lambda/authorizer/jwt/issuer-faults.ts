import { answerJson, type Behaviour } from '../https-server';
import { KEY, setOf } from './issuer';

const hang: Behaviour = () => {};
const drip: Behaviour = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
};
const endless: Behaviour = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const more = () => response.write(Buffer.alloc(65_536, ' '), more);
  more();
};
export const status =
  (code: number, headers: Record<string, string> = {}): Behaviour =>
  (_, response) =>
    response
      .writeHead(code, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(setOf(KEY)));
const text =
  (type: string, body: string): Behaviour =>
  (_, response) =>
    response.writeHead(200, { 'content-type': type }).end(body);

export const FAULTS: readonly (readonly [string, Behaviour])[] = [
  ['hangs', hang],
  ['drips', drip],
  ['never stops', endless],
  ['breaks off', (_, response) => response.writeHead(200, { 'content-length': '500' }).end('{')],
  ['closes the connection', (request) => request.socket.destroy()],
  ['answers 500', status(500)],
  ['answers 404', status(404)],
  ['redirects', status(302, { location: '/elsewhere' })],
  ['answers HTML', text('text/html', '<html></html>')],
  ['answers HTML as JSON', text('application/json', '<html></html>')],
  ['answers keys as text', text('text/plain', JSON.stringify(setOf(KEY)))],
  ['answers a list', text('application/json', '[]')],
  ['answers keys that are no list', text('application/json', '{"keys":{}}')],
  ['answers no keys', text('application/json', '{"keys":[]}')],
  ['answers keys of no use', text('application/json', '{"keys":[{"kty":"EC","use":"enc"}]}')],
  ['answers too many keys', answerJson({ keys: Array.from({ length: 101 }, () => KEY.jwk) })],
  [
    'answers compressed',
    (_, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(Buffer.from([0x1f, 0x8b])),
  ],
];
