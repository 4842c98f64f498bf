import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { encodeCommand, RedisFault, type RedisReply, ReplyParser } from './redis-protocol';

/** An error the server answered. */
export class RedisError extends Error {
  public override readonly name = 'RedisError';
}

/** Sends one command and answers its reply; an error reply is thrown as a `RedisError`. */
export type RedisSend = (
  command: readonly string[],
  signal: AbortSignal,
) => Promise<Exclude<RedisReply, RedisFault>>;

export interface RedisServer {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** Asked for at each connection, so that a rotated password is found. */
  readonly credentials?: () => Promise<RedisCredentials>;
}

export interface RedisCredentials {
  readonly username?: string;
  readonly password: string;
}

interface Waiting {
  readonly resolve: (reply: RedisReply) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One connection, kept, on which commands follow one another without waiting for replies.
 *
 * A function needs no more of a client than this: no pool, no cluster map (serverless caches answer for all slots
 * at one endpoint), no retries. Whatever goes wrong ends the connection; the next command opens another.
 */
export function redisConnection(server: RedisServer): { send: RedisSend; close: () => void } {
  let opening: Promise<Connection> | undefined;

  const open = (): Promise<Connection> => {
    const attempt = connect(server);
    const forget = () => {
      if (opening === attempt) opening = undefined;
    };
    attempt.then((connection) => connection.socket.once('close', forget), forget);
    return attempt;
  };
  return {
    async send(command, signal) {
      opening ??= open();
      const connection = await orAborted(opening, signal);
      return orAborted(connection.send(command), signal);
    },
    close() {
      void opening?.then(({ socket }) => socket.destroy()).catch(() => undefined);
      opening = undefined;
    },
  };
}

class Connection {
  private readonly waiting: Waiting[] = [];
  private readonly parser = new ReplyParser();

  constructor(public readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(connectionLost()));
  }

  public send(command: readonly string[]): Promise<Exclude<RedisReply, RedisFault>> {
    return new Promise<RedisReply>((resolve, reject) => {
      if (this.socket.destroyed) {
        reject(connectionLost());
        return;
      }
      // a function that waits must not be taken for one that is done
      this.socket.ref();
      this.waiting.push({ resolve, reject });
      this.socket.write(encodeCommand(command));
    }).then((reply) => {
      if (reply instanceof RedisFault) throw new RedisError(reply.message);
      return reply;
    });
  }

  private receive(chunk: Buffer): void {
    try {
      // replies come in the order of the commands, those nobody waits for any more too
      for (const reply of this.parser.push(chunk)) this.waiting.shift()?.resolve(reply);
      // an idle connection must not keep a process alive
      if (this.waiting.length === 0) this.socket.unref();
    } catch (error) {
      this.socket.destroy(error instanceof Error ? error : undefined);
    }
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

/** Named as the system names it, whichever side found it out. */
function connectionLost(): Error {
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });
}

async function connect(server: RedisServer): Promise<Connection> {
  // asked for first: a server closes connections that say nothing
  const credentials = await server.credentials?.();
  const connection = new Connection(await openSocket(server));
  if (credentials) {
    const { username, password } = credentials;
    await connection.send(['AUTH', ...(username === undefined ? [] : [username]), password]);
  }
  return connection;
}

async function openSocket({ host, port, tls }: RedisServer): Promise<Socket> {
  const { connect: connectTls } = tls ? await import('node:tls') : { connect: undefined };
  return new Promise((resolve, reject) => {
    const ready = () => {
      socket.off('error', reject);
      resolve(socket);
    };
    const socket: Socket = connectTls
      ? connectTls(
          { host, port, ...(isIP(host) === 0 && { servername: host }), minVersion: 'TLSv1.2' },
          ready,
        )
      : connectPlain({ host, port }, ready);
    socket.once('error', reject);
  });
}

/** The connection goes on where one command is given up: its reply is read and dropped. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
