import { Unauthenticated } from '../refused';
import type { JoseHeader } from './compact-jws';
import type { JsonObject } from './json-object';

/** Types of a token that may be an access token where the configuration demands none (RFC 8725 section 3.11). */
const ACCESS_TOKEN_TYPES: readonly (string | undefined)[] = [undefined, 'jwt', 'at+jwt'];

/** Claims that only ID tokens have (OpenID Connect Core sections 2, 3.3.2.11). */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash', 's_hash'];

/** Values by which issuers mark other tokens in the payload: Cognito's `token_use`, Keycloak's `typ`. */
const FOREIGN_MARKS: readonly unknown[] = ['id', 'ID', 'Refresh', 'Offline', 'Logout'];

/** Throws unless the token is of the demanded type, or, where none is demanded, may be an access token. */
export function requireAccessToken(
  header: JoseHeader,
  claims: JsonObject,
  demanded: string | undefined,
): void {
  const type = mediaType(header.typ);
  if (demanded !== undefined) {
    if (type !== mediaType(demanded)) throw new Unauthenticated('WRONG_TOKEN_TYPE');
    return;
  }
  if (!ACCESS_TOKEN_TYPES.includes(type)) throw new Unauthenticated('WRONG_TOKEN_TYPE');
  if (type === 'at+jwt') return;

  const isForeign = FOREIGN_MARKS.includes(claims['token_use']) || FOREIGN_MARKS.includes(claims['typ']);
  if (isForeign || ID_TOKEN_CLAIMS.some((claim) => claim in claims)) throw new Unauthenticated('ID_TOKEN');
}

// RFC 7515 section 4.1.9: the prefix application/ is left out, media types ignore case
const mediaType = (typ: string | undefined) => typ?.toLowerCase().replace(/^application\//, '');
