import { entryPoint } from '../authorizer/compose';
import { makeJwtVerifier } from '../authorizer/jwt/make-jwt-verifier';
import { makeApiKeyVerifier } from '../authorizer/store/make-store-verifiers';

/** The authorizer of gateways with API keys as well. */
export const handler = entryPoint({ jwt: makeJwtVerifier, apiKey: makeApiKeyVerifier }, __dirname);
