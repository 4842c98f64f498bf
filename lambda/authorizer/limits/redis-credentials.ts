import { secretReader } from '../../shared/secret-reader';
import type { RedisCredentials } from './redis-connection';

/** Reads user and password out of a secret, at each connection: a rotated one is found when the old one fails. */
export function redisCredentials(secretArn: string): () => Promise<RedisCredentials> {
  const read = secretReader();

  return async () => {
    const { username, password } = parse(await read(secretArn));
    if (typeof password !== 'string') throw new Error('the secret of the limit store has no password');
    return { password, ...(typeof username === 'string' ? { username } : {}) };
  };
}

// the parser's own message would quote the secret
function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the secret of the limit store is not JSON');
  }
}
