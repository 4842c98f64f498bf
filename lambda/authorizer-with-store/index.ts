import { entryPoint } from '../authorizer/compose';
import { makeIntrospectionVerifier } from '../authorizer/introspection/make-introspection-verifier';
import { makeJwtVerifier } from '../authorizer/jwt/make-jwt-verifier';
import {
  makeApiKeyVerifier,
  makeClientCertificateVerifier,
  makeStores,
} from '../authorizer/store/make-store-verifiers';

/** The authorizer of gateways with API keys, client certificates or introspected tokens, or with exact limits. */
export const handler = entryPoint(
  {
    jwt: makeJwtVerifier,
    apiKey: makeApiKeyVerifier,
    introspection: makeIntrospectionVerifier,
    clientCertificate: makeClientCertificateVerifier,
  },
  __dirname,
  makeStores,
);
