/** What a server says: RESP2, as far as our commands are answered in it. */
export type RedisReply = string | number | null | RedisReply[] | RedisFault;

/** An error reply. Not an exception: one may lie within an array. */
export class RedisFault {
  constructor(public readonly message: string) {}
}

/** No reply of ours comes near; a server that says more is not one. */
const LONGEST_REPLY = 64 * 1024;
const NOTHING = Buffer.alloc(0);
const CR = 0x0d;
const [PLUS, MINUS, COLON, DOLLAR, STAR] = Buffer.from('+-:$*');

/** A command as the server reads it. */
export function encodeCommand(parts: readonly string[]): string {
  let text = `*${parts.length}\r\n`;
  for (const part of parts) text += `$${Buffer.byteLength(part)}\r\n${part}\r\n`;
  return text;
}

/** Takes a stream apart into replies. */
export class ReplyParser {
  private buffer: Buffer = NOTHING;

  /** Replies that are whole now, in order. Throws on anything that is not RESP2. The chunk may be written over then. */
  public push(chunk: Buffer): RedisReply[] {
    this.buffer = this.buffer.length === 0 ? chunk : Buffer.concat([this.buffer, chunk]);
    const replies: RedisReply[] = [];
    let offset = 0;
    for (let next = this.read(offset); next !== undefined; next = this.read(offset)) {
      replies.push(next.reply);
      offset = next.end;
    }
    this.buffer = offset === this.buffer.length ? NOTHING : Buffer.from(this.buffer.subarray(offset));
    if (this.buffer.length > LONGEST_REPLY) throw new Error('the reply is too long');
    return replies;
  }

  private read(offset: number): { reply: RedisReply; end: number } | undefined {
    const lineEnd = this.buffer.indexOf(CR, offset);
    // the line feed too
    if (lineEnd < 0 || lineEnd + 1 >= this.buffer.length) return undefined;
    const line = this.buffer.toString('latin1', offset + 1, lineEnd);
    const end = lineEnd + 2;
    switch (this.buffer[offset]) {
      case PLUS:
        return { reply: line, end };
      case MINUS:
        return { reply: new RedisFault(line), end };
      case COLON:
        return { reply: Number(line), end };
      case DOLLAR:
        return this.readText(Number(line), end);
      case STAR:
        return this.readArray(Number(line), end);
      default:
        throw new Error('the server does not speak RESP2');
    }
  }

  private readText(length: number, offset: number): { reply: RedisReply; end: number } | undefined {
    if (length < 0) return { reply: null, end: offset };
    if (length > LONGEST_REPLY) throw new Error('the reply is too long');
    const end = offset + length + 2;
    if (this.buffer.length < end) return undefined;
    return { reply: this.buffer.toString('utf8', offset, offset + length), end };
  }

  private readArray(length: number, offset: number): { reply: RedisReply; end: number } | undefined {
    if (length < 0) return { reply: null, end: offset };
    const reply: RedisReply[] = [];
    let end = offset;
    for (let index = 0; index < length; index += 1) {
      const element = this.read(end);
      if (element === undefined) return undefined;
      reply.push(element.reply);
      end = element.end;
    }
    return { reply, end };
  }
}
