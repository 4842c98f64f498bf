import { awsCaller } from './aws-call';
import { patiently } from './patient-call';

/** Reads the text of a secret. */
export type ReadSecret = (arn: string) => Promise<string>;

const SECRETS_MANAGER = {
  name: 'secretsmanager',
  variable: 'SECRETS_MANAGER',
  target: 'secretsmanager',
  contentType: 'application/x-amz-json-1.1',
} as const;

export function secretReader(): ReadSecret {
  const call = patiently(awsCaller(SECRETS_MANAGER));

  return async (arn) => {
    const { SecretString } = await call('GetSecretValue', { SecretId: arn });
    if (typeof SecretString !== 'string') throw new Error('the secret holds no text');
    return SecretString;
  };
}
