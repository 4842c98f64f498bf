import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { encodeCommand, RedisFault, type RedisReply, ReplyParser } from './redis-protocol';

/** An error the server answered. */
export class RedisError extends Error {
  public override readonly name = 'RedisError';
}

/**
 * Sends one command and answers its reply; an error reply is thrown as a `RedisError`. Whoever does not want to
 * wait for it may go: the reply is read and dropped.
 */
export type RedisSend = (command: readonly string[]) => Promise<Answer>;

type Answer = Exclude<RedisReply, RedisFault>;

export interface RedisServer {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** Asked for at each connection, so that a rotated password is found. */
  readonly credentials?: () => Promise<RedisCredentials>;
  /** A server that says nothing for so long, while it is asked, is not there any more. */
  readonly silenceMillis?: number;
}

export interface RedisCredentials {
  readonly username?: string;
  readonly password: string;
}

interface Waiting {
  readonly resolve: (reply: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** Our replies are some fifty bytes. */
const READ_BYTES = 4 * 1024;

const SILENCE_MILLIS = 2_000;

/** What a server answers that another connection may be spared: after a failover the name leads to the new primary. */
const USELESS = /^(?:READONLY|MASTERDOWN|LOADING|NOAUTH)\b/;

/**
 * One connection, kept, on which commands follow one another without waiting for replies.
 *
 * A function needs no more of a client than this: no pool, no cluster map (serverless caches answer for all slots
 * at one endpoint), no retries. Whatever goes wrong ends the connection; the next command opens another.
 */
export function redisConnection(server: RedisServer): { send: RedisSend; close: () => void } {
  let open: Connection | undefined;
  let opening: Promise<Connection> | undefined;

  const reopen = (): Promise<Connection> => {
    opening ??= connect(server)
      .then((connection) => {
        open = connection;
        return connection;
      })
      .finally(() => {
        opening = undefined;
      });
    return opening;
  };
  return {
    send(command) {
      if (open?.isOpen) return open.send(command);
      return reopen().then((connection) => connection.send(command));
    },
    close() {
      open?.socket.destroy();
      void opening?.then(({ socket }) => socket.destroy()).catch(() => undefined);
    },
  };
}

/** Who waits for which reply: they come in the order of the commands. */
class Replies {
  private readonly waiting: Waiting[] = [];
  private readonly parser = new ReplyParser();

  public get awaited(): boolean {
    return this.waiting.length > 0;
  }

  public expect(one: Waiting): void {
    this.waiting.push(one);
  }

  /** Throws on what is no reply. */
  public receive(chunk: Buffer): void {
    for (const reply of this.parser.push(chunk)) {
      const waiting = this.waiting.shift();
      if (reply instanceof RedisFault) waiting?.reject(new RedisError(reply.message));
      else waiting?.resolve(reply);
    }
  }

  public fail(error: Error): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

class Connection {
  constructor(
    public readonly socket: Socket,
    private readonly replies: Replies,
    silenceMillis = SILENCE_MILLIS,
  ) {
    socket.setNoDelay(true);
    socket.setTimeout(silenceMillis);
    socket.on('timeout', () => {
      if (replies.awaited) socket.destroy();
    });
    socket.on('error', (error) => replies.fail(error));
    socket.on('close', () => replies.fail(connectionLost()));
  }

  public get isOpen(): boolean {
    return !this.socket.destroyed;
  }

  public send(command: readonly string[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (!this.isOpen) {
        reject(connectionLost());
        return;
      }
      // a function that waits must not be taken for one that is done
      if (!this.replies.awaited) this.socket.ref();
      this.replies.expect({
        resolve,
        reject: (error) => {
          if (USELESS.test(error.message)) this.socket.destroy();
          reject(error);
        },
      });
      this.socket.write(encodeCommand(command));
    });
  }
}

/** Named as the system names it, whichever side found it out. */
function connectionLost(): Error {
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });
}

async function connect(server: RedisServer): Promise<Connection> {
  // asked for first: a server closes connections that say nothing
  const credentials = await server.credentials?.();
  const replies = new Replies();
  const connection = new Connection(await openSocket(server, replies), replies, server.silenceMillis);
  if (credentials) {
    const { username, password } = credentials;
    await connection
      .send(['AUTH', ...(username === undefined ? [] : [username]), password])
      .catch((error: unknown) => {
        // the next command opens another; a server has only so many
        connection.socket.destroy();
        throw error instanceof RedisError ? new RedisError(refusalOf(error.message)) : error;
      });
  }
  return connection;
}

/** A server that does not know `AUTH` answers with what it was sent: the password, which would stand in the log. */
function refusalOf(message: string): string {
  const [code = 'ERR'] = /^(?:WRONGPASS|NOAUTH|NOPERM|LOADING)\b/.exec(message) ?? [];
  return `the server does not take the credentials: ${code}`;
}

async function openSocket({ host, port, tls }: RedisServer, replies: Replies): Promise<Socket> {
  const { connect: connectTls } = tls ? await import('node:tls') : { connect: undefined };
  return new Promise((resolve, reject) => {
    const giveUp = () => socket.destroy(connectionLost());
    const ready = () => {
      socket.off('error', reject);
      socket.setTimeout(0, giveUp);
      resolve(socket);
    };
    // a buffer for each reply would cost as much as all else that is done for it
    const onread = {
      buffer: Buffer.alloc(READ_BYTES),
      callback: (length: number, buffer: Uint8Array) => {
        receive(socket, replies, Buffer.from(buffer.buffer, buffer.byteOffset, length));
        return true;
      },
    };
    const to = { host, port, onread };
    const socket: Socket = connectTls
      ? connectTls({ ...to, ...(isIP(host) === 0 && { servername: host }), minVersion: 'TLSv1.2' }, ready)
      : connectPlain(to, ready);
    socket.once('error', reject);
    socket.setTimeout(SILENCE_MILLIS, giveUp);
  });
}

function receive(socket: Socket, replies: Replies, chunk: Buffer): void {
  try {
    replies.receive(chunk);
    // an idle connection must not keep a process alive
    if (!replies.awaited) socket.unref();
  } catch (error) {
    socket.destroy(error instanceof Error ? error : undefined);
  }
}
