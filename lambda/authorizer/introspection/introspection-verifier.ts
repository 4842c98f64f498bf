import type { IntrospectionConfiguration } from '../../../lib/protocol/authorizer-configuration';
import type { AuthorizerRequest } from '../authorizer-request';
import type { Caller, Verifier } from '../caller';
import type { Credential } from '../credential';
import { CLOCK_TOLERANCE_SECONDS } from '../jwt/claims';
import { MAXIMUM_TOKEN_LENGTH } from '../jwt/compact-jws';
import type { JsonObject } from '../jwt/json-object';
import { callerOf } from '../jwt/jwt-caller';
import { Memory } from '../memory';
import { Unauthenticated } from '../refused';
import { requireBinding } from '../token-binding';
import type { Introspect } from './introspect';
import { IntrospectionFailed } from './introspection-failed';
import { requireActive } from './require-active';

/** Answers remembered by one instance, by the hash of the token. */
const REMEMBERED_ANSWERS = 5_000;

interface Remembered {
  /** Who it is, or why it is nobody. */
  readonly outcome: Caller | string;
  /** Milliseconds. */
  readonly until: number;
}

/** Proves opaque tokens by asking their issuer; also sessions, which are such tokens in a header. */
export class IntrospectionVerifier implements Verifier {
  private readonly answers = new Memory<Remembered>(REMEMBERED_ANSWERS);
  private readonly asking = new Map<string, Promise<Caller | string>>();

  constructor(
    private readonly configuration: IntrospectionConfiguration,
    private readonly introspect: Introspect,
    private readonly revokeWithinMillis: number,
    /** Milliseconds. */
    private readonly now: () => number,
  ) {}

  public async verify(credential: Credential, request: AuthorizerRequest): Promise<Caller> {
    const outcome = await this.outcomeOf(credential);
    if (typeof outcome === 'string') throw new Unauthenticated(outcome, credential.fingerprint);

    requireBinding(outcome, request);
    return outcome;
  }

  private outcomeOf(credential: Credential): Caller | string | Promise<Caller | string> {
    const known = this.answers.get(credential.hash);
    if (known !== undefined && this.now() < known.until) return known.outcome;

    const refusal = this.refusalWithoutAsking(credential);
    if (refusal !== undefined) return refusal;
    // 0 promises that every request asks: another's question may have come before the revocation
    if (this.revokeWithinMillis === 0) return this.ask(credential);

    const asking =
      this.asking.get(credential.hash) ??
      this.ask(credential).finally(() => this.asking.delete(credential.hash));
    this.asking.set(credential.hash, asking);
    return asking;
  }

  /** A token that another issuer made is not shown to this one. */
  private refusalWithoutAsking(credential: Credential): string | undefined {
    const { text } = credential;
    if (text.length > MAXIMUM_TOKEN_LENGTH) return 'TOKEN_TOO_LONG';
    if (!TOKEN.test(text)) return 'MALFORMED_TOKEN';
    const claimedIssuer = claimedIssuerOf(credential);
    return claimedIssuer === undefined || claimedIssuer === this.configuration.issuer
      ? undefined
      : 'UNKNOWN_ISSUER';
  }

  private async ask(credential: Credential): Promise<Caller | string> {
    const asked = this.now();
    const answer = await this.introspect(credential.text).catch((cause: unknown) => {
      throw new IntrospectionFailed(cause);
    });
    const outcome = this.judge(answer, credential);
    if (this.revokeWithinMillis > 0) {
      // counted from before the question: it may be revoked while the answer travels
      const until = Math.min(asked + this.revokeWithinMillis, endOf(answer));
      this.answers.set(credential.hash, { outcome, until });
    }
    return outcome;
  }

  private judge(answer: JsonObject, credential: Credential): Caller | string {
    try {
      requireActive(answer, this.configuration, this.now() / 1000);
      return namedSafely(callerOf(answer, this.configuration, credential.fingerprint), credential);
    } catch (error) {
      if (error instanceof Unauthenticated) return error.reason;
      throw error;
    }
  }
}

/** Some issuers answer the token itself for its `jti`: what names a credential in the log must not be one. */
function namedSafely(caller: Caller, { text, fingerprint }: Credential): Caller {
  const { credentialId } = caller;
  const says = text.includes(credentialId) || credentialId.includes(text);
  return says ? { ...caller, credentialId: fingerprint } : caller;
}

/** Issuer a JWT claims to be of; undefined where it is no JWT, or names none. Nothing is proven. */
function claimedIssuerOf(credential: Credential): unknown {
  if (credential.text.split('.', 4).length !== 3) return undefined;
  try {
    return credential.jws.claims?.['iss'];
  } catch {
    return undefined;
  }
}

// RFC 6750 section 2.1, b64token
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

function endOf({ exp }: JsonObject): number {
  return typeof exp === 'number' ? (exp + CLOCK_TOLERANCE_SECONDS) * 1000 : Number.POSITIVE_INFINITY;
}
