/**
 * Headers in which programs send credentials, `Authorization` and what the document's schemes name aside. A value is
 * not always known for a credential by its shape, so a backend gets none of them, unless its document asks for it.
 */
export const CREDENTIAL_HEADERS: readonly string[] = [
  'Proxy-Authorization',
  'X-Access-Token',
  'X-Amz-Security-Token',
  'X-Api-Key',
  'X-Auth-Token',
];

/**
 * Query parameters by which clients of OAuth 2.0 (RFC 6749, 6750, 7521, 8693), OpenID Connect and many others send
 * secrets, in lower case. No log shows their values, whether or not they look like one.
 */
export const CREDENTIAL_QUERY_PARAMETERS: readonly string[] = [
  'access_token',
  'actor_token',
  'api-key',
  'api_key',
  'apikey',
  'assertion',
  'auth_token',
  'client_assertion',
  'client_secret',
  'id_token',
  'id_token_hint',
  'passwd',
  'password',
  'refresh_token',
  'secret',
  'sessionid',
  'session_id',
  'sig',
  'signature',
  'subject_token',
  'token',
  'x-amz-security-token',
  'x-amz-signature',
  'x-api-key',
];
