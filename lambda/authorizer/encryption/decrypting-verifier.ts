import type { AuthorizerRequest } from '../authorizer-request';
import type { Caller, Verifier } from '../caller';
import { Credential } from '../credential';
import { decodeBase64url } from '../jwt/base64url';
import { MAXIMUM_TOKEN_LENGTH } from '../jwt/compact-jws';
import type { JwtVerifier } from '../jwt/jwt-verifier';
import { Memory } from '../memory';
import { Unauthenticated } from '../refused';
import type { Decrypt } from './decrypt';

/** Encrypted tokens remembered by one instance: hash of the outer by hash of the inner. */
const REMEMBERED_TOKENS = 2_000;

/** Proves tokens that may come encrypted: what is inside must be a signed token of the issuer all the same. */
export class DecryptingVerifier implements Verifier {
  private readonly inside = new Memory<string>(REMEMBERED_TOKENS);

  constructor(
    private readonly verifier: JwtVerifier,
    private readonly decrypt: Decrypt,
  ) {}

  public verify(credential: Credential, request: AuthorizerRequest): Caller | Promise<Caller> {
    // RFC 7516 section 9: five segments are a JWE
    if (credential.text.split('.', 6).length !== 5) return this.verifier.verify(credential, request);

    const inner = this.inside.get(credential.hash);
    const known = inner === undefined ? undefined : this.verifier.recall(inner, request);
    return known ?? this.open(credential, request);
  }

  private async open(credential: Credential, request: AuthorizerRequest): Promise<Caller> {
    const { text } = credential;
    if (text.length > MAXIMUM_TOKEN_LENGTH) throw new Unauthenticated('TOKEN_TOO_LONG');
    // RFC 7516 section 5.2: what is no base64url must be refused; the library is lenient
    if (!text.split('.').every((segment) => decodeBase64url(segment) !== undefined)) {
      throw new Unauthenticated('MALFORMED_TOKEN');
    }

    const inner = new Credential(await this.decrypt(text));
    const caller = await this.verifier.verify(inner, request);
    this.inside.set(credential.hash, inner.hash);
    return caller;
  }
}
