import { createHash } from 'node:crypto';
import type { Gcra, Taken } from './gcra';
import type { LimitStore } from './limit-store';
import { RedisError, type RedisSend } from './redis-connection';

/**
 * The algorithm of `take`, by the server's clock: instances need not agree on the time. Numbers are whole
 * microseconds, which a double of Lua's holds exactly; they travel as text, since Redis cuts numbers to integers.
 * Keys live a second longer than they count: expiry goes by another clock of the server's, which is a little coarser.
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local arrival = tonumber(redis.call('GET', KEYS[1]) or now)
if arrival < now then arrival = now end
if arrival - now > tonumber(ARGV[2]) then
  return {0, string.format('%.0f', arrival), string.format('%.0f', now)}
end
arrival = arrival + ARGV[1]
redis.call('SET', KEYS[1], string.format('%.0f', arrival), 'PX', math.ceil((arrival - now) / 1000) + 1000)
return {1, string.format('%.0f', arrival), string.format('%.0f', now)}
`.trim();

const DIGEST = createHash('sha1').update(SCRIPT).digest('hex');

/** Counts in Redis or Valkey: one script a request, which the server runs undivided. */
export class RedisLimitStore implements LimitStore {
  constructor(private readonly send: RedisSend) {}

  public take(key: string, { interval, tolerance }: Gcra): Promise<Taken> {
    const [ofInterval, ofTolerance] = [String(interval), String(tolerance)];
    return this.send(['EVALSHA', DIGEST, '1', key, ofInterval, ofTolerance]).then(
      takenOf,
      (error: unknown) => {
        // a server that was restarted has forgotten the script
        if (!(error instanceof RedisError) || !error.message.startsWith('NOSCRIPT')) throw error;
        return this.send(['EVAL', SCRIPT, '1', key, ofInterval, ofTolerance]).then(takenOf);
      },
    );
  }

  public async peek(key: string): Promise<number | undefined> {
    const answer = await this.send(['GET', key]);
    return typeof answer === 'string' ? Number(answer) : undefined;
  }
}

function takenOf(answer: unknown): Taken {
  if (!Array.isArray(answer) || answer.length !== 3) throw new Error('the script answered something else');
  const [admitted, arrival, now] = [Number(answer[0]), Number(answer[1]), Number(answer[2])];
  if (!Number.isFinite(arrival) || !Number.isFinite(now))
    throw new Error('the script answered something else');
  return { admitted: admitted === 1, arrival, now };
}
