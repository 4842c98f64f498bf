import { awsCaller } from '../../shared/aws-call';
import type { RedisCredentials } from './redis-connection';

const SECRETS_MANAGER = {
  name: 'secretsmanager',
  variable: 'SECRETS_MANAGER',
  target: 'secretsmanager',
  contentType: 'application/x-amz-json-1.1',
} as const;

const TIME_LIMIT_MILLIS = 1_000;

/** Reads user and password out of a secret, at each connection: a rotated one is found when the old one fails. */
export function redisCredentials(secretArn: string): () => Promise<RedisCredentials> {
  const call = awsCaller(SECRETS_MANAGER);

  return async () => {
    const signal = AbortSignal.timeout(TIME_LIMIT_MILLIS);
    const { SecretString } = await call('GetSecretValue', { SecretId: secretArn }, signal);
    const { username, password } = parse(SecretString);
    if (typeof password !== 'string') throw new Error('the secret of the limit store has no password');
    return { password, ...(typeof username === 'string' ? { username } : {}) };
  };
}

// the parser's own message would quote the secret
function parse(text: unknown): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(String(text));
  } catch {
    throw new Error('the secret of the limit store is not JSON');
  }
}
