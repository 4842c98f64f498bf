import { createPrivateKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { OperationPolicy } from '../../../lib/protocol/policy';
import { IDENTITY_SECONDS, IDENTITY_TOKEN_TYPE, parseSigningKeys } from '../../../lib/protocol/signing-keys';
import { LONGER_THAN_ANY_CALL_MILLIS } from '../../shared/patient-call';
import type { Caller } from '../caller';
import { rawSignature } from './raw-signature';

/** After half its life an identity is signed anew. */
const REUSED_MILLIS = (IDENTITY_SECONDS * 1000) / 2;

/** How soon a rotated key is taken up. */
const FRESH_MILLIS = 30_000;

interface Key {
  /** The secret it was read from. */
  readonly text: string;
  readonly key: KeyObject;
  /** Encoded header, with the dot behind it. */
  readonly header: string;
}

interface Signed {
  readonly value: string;
  readonly kid: string;
  readonly until: number;
}

/** Who calls where nobody is known. */
const NOBODY: Caller = { credentialId: 'anonymous', userId: 'anonymous', scopes: [], roles: [], claims: {} };

/**
 * Signs who calls what, for the backend's eyes.
 *
 * Throws while there is no key: before the first rotation, or when the secret cannot be read. A request without
 * an identity reaches no backend.
 */
export class IdentitySigner {
  private key: Key | undefined;
  private refreshing: Promise<void> | undefined;
  private refreshingSince = Number.NEGATIVE_INFINITY;
  private wasCutOff = false;
  private freshUntil = Number.NEGATIVE_INFINITY;
  private readonly signed = new WeakMap<Caller, Map<string, Signed>>();

  constructor(
    private readonly issuer: string,
    /** The secret's text. */
    private readonly readSecret: () => Promise<string>,
    /** Milliseconds. */
    private readonly now: () => number,
  ) {}

  /** Reads the key ahead of the first request. */
  public prepare(): void {
    this.refresh().catch(() => {
      // the request that needs it reads again, and reports
    });
  }

  /** The value of the backend's `Authorization` header. */
  public async authorization(caller: Caller = NOBODY, operation: OperationPolicy): Promise<string> {
    const key = await this.currentKey();
    const known = this.signed.get(caller) ?? new Map<string, Signed>();
    const reusable = known.get(operation.id);
    if (reusable && reusable.kid === key.header && this.now() < reusable.until) return reusable.value;

    const value = `Bearer ${this.sign(key, caller, operation)}`;
    known.set(operation.id, { value, kid: key.header, until: this.now() + REUSED_MILLIS });
    this.signed.set(caller, known);
    return value;
  }

  /**
   * The key at hand, while a newer one is looked for: it stays published for a whole rotation after it is replaced,
   * so an outage of the secret's store is no outage of the gateway. Where the function was frozen while it looked, the
   * next request waits: on a quiet gateway no look beside requests would ever come to its end.
   */
  private async currentKey(): Promise<Key> {
    if (this.key && this.now() < this.freshUntil) return this.key;

    const wasCutOff = this.wasCutOff || (this.refreshing !== undefined && !this.isRefreshing());
    const refreshed = this.refresh();
    if (!this.key) await refreshed;
    else if (wasCutOff) await refreshed.catch(() => undefined);
    else refreshed.catch(() => undefined);
    if (!this.key) throw new Error('there is no signing key');
    return this.key;
  }

  private isRefreshing(): boolean {
    return this.now() - this.refreshingSince < LONGER_THAN_ANY_CALL_MILLIS;
  }

  private refresh(): Promise<void> {
    if (this.refreshing && this.isRefreshing()) return this.refreshing;

    this.refreshingSince = this.now();
    const refreshing = this.readSecret()
      .then((text) => {
        if (this.refreshing !== refreshing) return;
        this.key = this.keyOf(text);
        this.freshUntil = this.now() + FRESH_MILLIS;
      })
      .finally(() => {
        if (this.refreshing !== refreshing) return;
        this.refreshing = undefined;
        this.wasCutOff = !this.isRefreshing() && this.now() >= this.freshUntil;
      });
    this.refreshing = refreshing;
    return refreshing;
  }

  private keyOf(text: string): Key {
    if (this.key?.text === text) return this.key;

    const keys = parseSigningKeys(text);
    if (!keys) throw new Error('there is no signing key: the secret has not been rotated yet');
    const { current } = keys;
    const header = { alg: 'ES256', typ: IDENTITY_TOKEN_TYPE, kid: current.kid };
    return {
      text,
      key: createPrivateKey({ key: { ...current }, format: 'jwk' }),
      header: `${encode(header)}.`,
    };
  }

  private sign({ key, header }: Key, caller: Caller, { id, backend }: OperationPolicy): string {
    const issuedAt = Math.floor(this.now() / 1000);
    const input =
      header +
      encode({
        iss: this.issuer,
        aud: backend,
        sub: caller.userId ?? caller.credentialId,
        scheme: caller.scheme,
        client_id: caller.clientId,
        tenant: caller.tenantId,
        tier: caller.tier,
        // as in the header: one scope `a b` must not become the scopes `a` and `b`
        scope: caller.scopes.map((scope) => scope.replace(/[ %]/g, encodeURIComponent)).join(' '),
        roles: caller.roles,
        operation: id,
        iat: issuedAt,
        exp: issuedAt + IDENTITY_SECONDS,
        jti: randomUUID(),
      });
    // a bare key, in DER: the options object costs more than the conversion (perf.md, section 1)
    return `${input}.${rawSignature(sign('sha256', Buffer.from(input, 'latin1'), key)).toString('base64url')}`;
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}
