import { hash } from 'node:crypto';
import type { CredentialLocation } from '../../lib/protocol/policy';
import type { AuthorizerRequest } from './authorizer-request';
import { type CompactJws, parseCompactJws } from './jwt/compact-jws';
import { Unauthenticated } from './refused';

/** What a request carries at one location. What is costly to know is known once, and only if asked. */
export class Credential {
  private parsed?: CompactJws;
  private digest?: string;

  constructor(public readonly text: string) {}

  /** SHA-256, under which memories keep what they know of it: no memory holds a credential. */
  public get hash(): string {
    this.digest ??= hash('sha256', this.text, 'base64');
    return this.digest;
  }

  /** Names it in the log. */
  public get fingerprint(): string {
    return `sha256:${this.hash.slice(0, 16)}`;
  }

  /** Taken apart, nothing proven. */
  public get jws(): CompactJws {
    this.parsed ??= parseCompactJws(this.text);
    return this.parsed;
  }
}

/** The credentials of one request, by location. */
export class Credentials {
  // one, two at most: no map finds them sooner
  private readonly found: { readonly key: string; readonly credential: Credential }[] = [];

  constructor(private readonly request: AuthorizerRequest) {}

  /** What the request carries there as it is, undefined if nothing. Throws where it carries two different things. */
  public textAt(location: CredentialLocation): string | undefined {
    if (location.in === 'clientCertificate') return this.request.certificate || undefined;
    return onlyValue(this.request.headers[location.in === 'header' ? location.name : 'authorization']);
  }

  /** The credential there, undefined if there is none. */
  public at(location: CredentialLocation): Credential | undefined {
    const key = locationKey(location);
    for (const known of this.found) if (known.key === key) return known.credential;

    const text = this.textAt(location);
    if (text === undefined) return undefined;
    const credential = new Credential(location.in === 'authorization' ? bearerToken(text) : text);
    this.found.push({ key, credential });
    return credential;
  }
}

// no header has such a name
const PLACES = { authorization: '<authorization>', clientCertificate: '<clientCertificate>' };

export const locationKey = (location: CredentialLocation): string =>
  location.in === 'header' ? location.name : PLACES[location.in];

// RFC 9110 section 5.5; trim() would take blanks of other scripts as well, and another spelling is another credential.
// Without the look behind, ten thousand blanks within a value cost a quarter of a second
const BLANKS = /^[ \t]+|(?<![ \t])[ \t]+$/g;

// which of two credentials counts would depend on who reads the request
function onlyValue(values: readonly string[] | undefined): string | undefined {
  if (values === undefined) return undefined;

  const first = values[0];
  for (const value of values) if (value !== first) throw new Unauthenticated('AMBIGUOUS_CREDENTIAL');
  // what the broader trim() leaves alone has none, and that costs no look at each character
  return (first === first?.trim() ? first : first?.replace(BLANKS, '')) || undefined;
}

const BEARER = 'bearer ';

// RFC 6750 section 2.1, RFC 9110 section 11.1: the scheme's name is case-insensitive. What a token may look
// like is for those to say who know its kind
function bearerToken(header: string): string {
  if (header.slice(0, BEARER.length).toLowerCase() !== BEARER)
    throw new Unauthenticated('MALFORMED_CREDENTIAL');
  let start = BEARER.length;
  while (header[start] === ' ') start += 1;
  return header.slice(start);
}
