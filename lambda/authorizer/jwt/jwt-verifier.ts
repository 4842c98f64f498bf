import type { JwtConfiguration } from '../../../lib/protocol/authorizer-configuration';
import type { AuthorizerRequest } from '../authorizer-request';
import type { Caller, Verifier } from '../caller';
import type { Credential } from '../credential';
import { Memory } from '../memory';
import { Unauthenticated } from '../refused';
import { requireBinding } from '../token-binding';
import { whenKnown } from '../when-known';
import { CLOCK_TOLERANCE_SECONDS, requireClaims } from './claims';
import type { IssuerKeys } from './issuer-keys';
import { callerOf } from './jwt-caller';
import type { KeySet } from './key-set';
import { isSignedByOne } from './signature';
import { requireAccessToken } from './token-type';

/** Tokens remembered by one instance, by the hash of the token. */
const REMEMBERED_TOKENS = 2_000;

interface Remembered {
  readonly caller: Caller;
  readonly exp: number;
}

/** Proves JSON Web Tokens of one issuer. */
export class JwtVerifier implements Verifier {
  private readonly seen = new Memory<Remembered>(REMEMBERED_TOKENS);

  constructor(
    private readonly configuration: JwtConfiguration,
    private readonly keys: IssuerKeys,
    /** Milliseconds. */
    private readonly now: () => number,
  ) {
    // a token is as good as the key that signed it
    keys.onChange(() => this.seen.clear());
  }

  public verify(
    credential: Credential,
    request: Pick<AuthorizerRequest, 'certificate'>,
  ): Caller | Promise<Caller> {
    return whenKnown(this.identify(credential), (caller) => bound(caller, request));
  }

  /** Who a token of this hash was proven to be, if that is remembered and still holds. */
  public recall(hash: string, request: Pick<AuthorizerRequest, 'certificate'>): Caller | undefined {
    const known = this.remembered(hash);
    return known && bound(known, request);
  }

  private remembered(hash: string): Caller | undefined {
    const known = this.seen.get(hash);
    return known !== undefined && this.keys.areCurrent() ? this.recheck(known) : undefined;
  }

  private identify(credential: Credential): Caller | Promise<Caller> {
    const known = this.remembered(credential.hash);
    if (known) return known;

    const { header, claims } = credential.jws;
    // by these alone many a token is another scheme's: nothing is fetched for those
    if (claims?.['iss'] !== this.configuration.issuer)
      throw new Unauthenticated('UNKNOWN_ISSUER', credential.fingerprint);
    const allowed: readonly string[] = this.configuration.algorithms;
    if (!allowed.includes(header.alg))
      throw new Unauthenticated('ALGORITHM_NOT_ALLOWED', credential.fingerprint);

    return whenKnown(this.keys.find(header.kid, header.alg), (keySet) => this.prove(credential, keySet));
  }

  private prove(credential: Credential, keySet: KeySet): Caller {
    const { jws } = credential;
    const { header, claims = {} } = jws;
    const candidates = keySet.candidates(header.kid, header.alg);
    if (candidates.length === 0) throw new Unauthenticated('UNKNOWN_KEY', credential.fingerprint);
    if (!isSignedByOne(jws, candidates)) throw new Unauthenticated('BAD_SIGNATURE', credential.fingerprint);

    try {
      requireAccessToken(header, claims, this.configuration.tokenType);
      requireClaims(claims, this.configuration, this.now() / 1000);
    } catch (error) {
      throw error instanceof Unauthenticated
        ? new Unauthenticated(error.reason, credential.fingerprint)
        : error;
    }
    const caller = callerOf(claims, this.configuration, credential.fingerprint);
    this.seen.set(credential.hash, { caller, exp: Number(claims['exp']) });
    return caller;
  }

  private recheck({ caller, exp }: Remembered): Caller {
    if (this.now() / 1000 >= exp + CLOCK_TOLERANCE_SECONDS)
      throw new Unauthenticated('EXPIRED', caller.credentialId);
    return caller;
  }
}

function bound(caller: Caller, request: Pick<AuthorizerRequest, 'certificate'>): Caller {
  requireBinding(caller, request);
  return caller;
}
