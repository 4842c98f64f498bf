import type { IApiKeyStore } from '../api-key-store-interface';
import { labelProblems } from './api-key-labels';
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
