import { entryPoint } from './compose';
import { makeJwtVerifier } from './jwt/make-jwt-verifier';

export { verifyJws } from './verify-jws';

/** The authorizer of gateways whose callers bring JSON Web Tokens: no database, no SDK. */
export const handler = entryPoint({ jwt: makeJwtVerifier }, __dirname);
