import { Token } from 'aws-cdk-lib';
import type { Problem } from '../errors';
import { API_KEY_LABEL } from '../protocol';
import type { IApiKeyStore } from './api-key-store-interface';
import type { AuthenticationRecipe } from './authentication-recipe';

/**
 * Options for `Authentication.apiKey()`.
 */
export interface ApiKeyAuthenticationOptions {
  /**
   * Where the keys are kept, by their hash.
   */
  readonly keys: IApiKeyStore;
}

export function apiKeyRecipe({ keys }: ApiKeyAuthenticationOptions): AuthenticationRecipe {
  const { prefix, environment, table } = keys;
  return {
    problems: (at) => [...labelProblems(at, { prefix, environment })],
    configuration: () => ({ kind: 'apiKey', prefix, environment }),
    table,
    grant: (grantee) => {
      keys.grantRead(grantee);
    },
  };
}

function labelProblems(at: string, labels: Readonly<Record<string, string>>): Problem[] {
  return Object.entries(labels)
    .filter(([, label]) => !Token.isUnresolved(label) && !API_KEY_LABEL.test(label))
    .map(([name, label]) => ({
      code: 'INVALID_KEY_LABEL',
      at,
      message: `'${name}' of the key store is ${JSON.stringify(label)}`,
      remedy: 'use a lower-case letter followed by up to 15 lower-case letters or digits',
    }));
}
