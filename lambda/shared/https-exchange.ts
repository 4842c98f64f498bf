import type { Agent, RequestOptions } from 'node:https';

/** One HTTPS request, within bounds. */
export interface HttpsExchange {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From call to last byte. */
  readonly timeLimitMillis: number;
  readonly maximumBytes: number;
  /** Over a connection that is kept for the next one; for who is asked often. */
  readonly keepsConnection?: boolean;
  /** @default as `keepsConnection` says */
  readonly agent?: Agent;
}

export interface HttpsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

let kept: Agent | undefined;

// what the bundler makes of an import() is larger
function loadHttps(): typeof import('node:https') {
  return require('node:https');
}

/**
 * Sends one request. Nothing is followed, nothing is decompressed; whoever is too slow or says too much is cut
 * off. Sent again only where a kept connection turns out to have died.
 *
 * Plain `node:https`, loaded when first needed: `fetch` would cost 20 ms of a cold start.
 */
export async function exchange(options: HttpsExchange): Promise<HttpsAnswer> {
  const { url, method = 'GET', body, timeLimitMillis, maximumBytes, agent } = options;
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') throw new Error('only https is asked');
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  const { Agent, request } = loadHttps();
  if (options.keepsConnection) kept ??= new Agent({ keepAlive: true });

  return new Promise<HttpsAnswer>((resolve, reject) => {
    const settings: RequestOptions = {
      method,
      agent: agent ?? (options.keepsConnection && kept) ?? false,
      headers: { ...options.headers, 'accept-encoding': 'identity' },
    };
    const outgoing = request(url, settings, (incoming) => {
      const chunks: Buffer[] = [];
      let length = 0;
      incoming.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= maximumBytes) return chunks.push(chunk);
        // its error would come after the end, and of a kept connection nobody hears it: the process would crash
        reject(new Error(`answer is longer than ${maximumBytes} bytes`));
        outgoing.destroy();
      });
      incoming.on('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      incoming.on('end', () => {
        clearTimeout(timer);
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) });
      });
    });
    const timer = setTimeout(
      () => outgoing.destroy(new Error(`no answer within ${Math.round(timeLimitMillis)} ms`)),
      Math.max(timeLimitMillis, 0),
    );
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const isStale = outgoing.reusedSocket && error.code === 'ECONNRESET';
      if (!isStale) reject(error);
      else resolve(exchange({ ...options, timeLimitMillis: timeLimitMillis - elapsed() }));
    });
    outgoing.end(body);
  });
}
