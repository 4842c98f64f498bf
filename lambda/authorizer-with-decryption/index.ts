import { entryPoint } from '../authorizer/compose';
import { makeDecryptingVerifier } from '../authorizer/encryption/make-decrypting-verifier';
import { makeIntrospectionVerifier } from '../authorizer/introspection/make-introspection-verifier';
import {
  makeApiKeyVerifier,
  makeClientCertificateVerifier,
  makeStores,
} from '../authorizer/store/make-store-verifiers';

/** The authorizer of gateways whose tokens may come encrypted; it serves all other kinds as well. */
export const handler = entryPoint(
  {
    jwt: makeDecryptingVerifier,
    apiKey: makeApiKeyVerifier,
    introspection: makeIntrospectionVerifier,
    clientCertificate: makeClientCertificateVerifier,
  },
  __dirname,
  makeStores,
);
