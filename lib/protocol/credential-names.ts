/**
 * Headers of credentials for somebody else: a proxy, AWS itself. Who sends one to an API has sent it to the wrong
 * address, so that the authorizer refuses the request whatever else is in it.
 */
export const FOREIGN_CREDENTIAL_HEADERS: readonly string[] = ['Proxy-Authorization', 'X-Amz-Security-Token'];

/**
 * Headers of tokens. The authorizer refuses them where the contract is enforced; where it is only observed, and no
 * client may be kept out, the backend gets another value.
 */
export const TOKEN_HEADERS: readonly string[] = ['X-Access-Token', 'X-Auth-Token'];

/** Clients send it by habit, wherever API Gateway's own keys were in use: the backend gets another value. */
const HABITUAL_HEADERS: readonly string[] = ['X-Api-Key'];

/**
 * Headers in which programs send credentials, `Authorization` and what the document's schemes name aside. A value is
 * not always known for a credential by its shape, so a backend gets none of them, unless its document asks for it.
 */
export const CREDENTIAL_HEADERS: readonly string[] = /* @__PURE__ */ FOREIGN_CREDENTIAL_HEADERS.concat(
  TOKEN_HEADERS,
  HABITUAL_HEADERS,
).sort();

/** Those the authorizer lets through, in which a backend must get another value. */
export function replacedCredentialHeaders(contract: 'enforce' | 'observe'): readonly string[] {
  return contract === 'observe' ? [...TOKEN_HEADERS, ...HABITUAL_HEADERS] : HABITUAL_HEADERS;
}

/**
 * Query parameters, and properties of bodies, by which clients of OAuth 2.0 (RFC 6749, 6750, 7521, 8693), OpenID Connect and many others send
 * secrets, the security codes of cards among them, in lower case. No log shows their values, whether or not they look like one.
 */
export const CREDENTIAL_QUERY_PARAMETERS: readonly string[] = [
  'access_token',
  'accesstoken',
  'actor_token',
  'api-key',
  'api_key',
  'apikey',
  'assertion',
  'auth',
  'auth_token',
  'authtoken',
  'aws_secret_access_key',
  'client_assertion',
  'client_secret',
  'clientsecret',
  'code_verifier',
  'credentials',
  'cvc',
  'cvc2',
  'cvv',
  'cvv2',
  'id_token',
  'id_token_hint',
  'idtoken',
  'jwt',
  'otp',
  'passphrase',
  'passwd',
  'password',
  'private_key',
  'privatekey',
  'pwd',
  'refresh_token',
  'refreshtoken',
  'secret',
  'secret_key',
  'secretkey',
  'session_id',
  'session_token',
  'sessionid',
  'sessiontoken',
  'sig',
  'signature',
  'subject_token',
  'token',
  'x-amz-security-token',
  'x-amz-signature',
  'x-api-key',
  'x-goog-signature',
];

/**
 * Headers by which other products and many programs send secrets, in lower case. A service may be meant to get them, so
 * they pass; no log shows their values.
 */
export const SECRET_HEADERS: readonly string[] = [
  'api-key',
  'apikey',
  'authentication',
  'cf-access-jwt-assertion',
  'dpop',
  'ocp-apim-subscription-key',
  'private-token',
  'token',
  'x-amzn-oidc-accesstoken',
  'x-amzn-oidc-data',
  'x-api-token',
  'x-auth',
  'x-auth-key',
  'x-authorization',
  'x-client-secret',
  'x-csrf-token',
  'x-goog-api-key',
  'x-id-token',
  'x-password',
  'x-refresh-token',
  'x-secret',
  'x-session-id',
  'x-session-token',
  'x-token',
  'x-vault-token',
  'x-xsrf-token',
];
