import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import type { LocalGateway } from '../../lib/local';
import { IDENTITY_HEADERS } from '../../lib/protocol';
import type { Received } from '../local/backend';

export const FORGED = 'forged-by-the-caller';

const NAMES = [...Object.values(IDENTITY_HEADERS), 'Authorization'];

const CASINGS: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => name.toLowerCase(),
  (name) => name.toUpperCase(),
  (name) => [...name].map((letter, at) => (at % 2 ? letter.toUpperCase() : letter.toLowerCase())).join(''),
];

export const spellings = (names: readonly string[]) =>
  names.flatMap((name) => [...new Set(CASINGS.map((spell) => spell(name)))]);

/** One value of each identity header, and none that the caller made up. */
export function expectOurs(received: Received): void {
  expect(received.rawHeaders.filter((text) => text.includes(FORGED))).toEqual([]);
  for (const name of NAMES) expect(valuesOf(received, name)).toHaveLength(1);
  expect(valuesOf(received, 'Authorization')[0]).toMatch(/^Bearer ey[\w-]+\.[\w-]+\.[\w-]+$/);
}

export function valuesOf({ rawHeaders }: Received, name: string): string[] {
  return rawHeaders.filter(
    (_, at) => at % 2 === 1 && rawHeaders[at - 1]?.replaceAll('_', '-').toLowerCase() === name.toLowerCase(),
  );
}

export function kidOf(identity = ''): string {
  const [header = ''] = identity.replace('Bearer ', '').split('.');
  return JSON.parse(Buffer.from(header, 'base64url').toString()).kid;
}

/** One request on a connection of its own; answers the status. */
export function sendHttp2(
  { url, authority }: LocalGateway,
  path: string,
  headers: Record<string, string | string[]>,
): Promise<number> {
  const { origin, pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    const session = connectHttp2(origin, { ca: authority });
    session.on('error', reject);
    const stream = session.request({ ':path': pathname + path, 'user-agent': 'test', ...headers });
    let status = 0;
    stream.on('response', (answer) => {
      status = Number(answer[':status']);
    });
    stream.on('error', reject);
    stream.on('close', () => session.close(() => resolve(status)));
    stream.resume();
  });
}

/** Header lines as they are, which no HTTP client would send; answers the status. */
export function sendRaw(
  { url }: LocalGateway,
  method: string,
  path: string,
  lines: string[],
): Promise<number> {
  const { hostname, port, pathname } = new URL(url);
  const head = [`${method} ${pathname}${path} HTTP/1.1`, `Host: ${hostname}`, 'User-Agent: test', ...lines];
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () =>
      socket.write(`${[...head, 'Connection: close'].join('\r\n')}\r\n\r\n`),
    );
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)));
  });
}
