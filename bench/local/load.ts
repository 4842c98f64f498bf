import { Agent, request } from 'node:http';

export interface Shot {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly status: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Responses with another status than expected, and requests that failed. */
  readonly wrong: number;
}

/** Sends the shots in turn over so many connections for so long, each answer held to its expected status. */
export async function load(
  url: string,
  shots: readonly Shot[],
  connections: number,
  seconds: number,
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  let wrong = 0;
  let next = 0;
  const began = performance.now();
  const until = began + seconds * 1000;

  const connection = async () => {
    while (performance.now() < until) {
      const shot = shots[next++ % shots.length] as Shot;
      const sent = performance.now();
      const status = await fire(url, shot, agent);
      latencies.push(performance.now() - sent);
      if (status !== shot.status) {
        wrong += 1;
        console.error(
          `${shot.method} ${shot.path} ${JSON.stringify(shot.headers)}: ${status}, not ${shot.status}`,
        );
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();

  const took = (performance.now() - began) / 1000;
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
  return {
    requests: sorted.length,
    perSecond: sorted.length / took,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    wrong,
  };
}

function fire(url: string, { method, path, headers, body }: Shot, agent: Agent): Promise<number> {
  return new Promise((done) => {
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const sent = request(url + path, { method, headers: { ...headers, ...length }, agent }, (response) => {
      response.resume();
      response.on('end', () => done(response.statusCode ?? 0));
      response.on('error', () => done(0));
    });
    sent.on('error', () => done(0));
    sent.end(body);
  });
}
