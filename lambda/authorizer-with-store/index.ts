import { entryPoint } from '../authorizer/compose';
import { makeJwtVerifier } from '../authorizer/jwt/make-jwt-verifier';
import { makeLimits } from '../authorizer/limits/make-limits';
import { makeApiKeyVerifier } from '../authorizer/store/make-store-verifiers';

/** The authorizer of gateways with API keys, or with exact limits. */
export const handler = entryPoint(
  { jwt: makeJwtVerifier, apiKey: makeApiKeyVerifier },
  __dirname,
  makeLimits,
);
