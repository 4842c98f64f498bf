import { hash, timingSafeEqual } from 'node:crypto';
import { type ApiKeyParts, parseApiKey } from '../../../lib/protocol/api-key';
import type { ApiKeyConfiguration } from '../../../lib/protocol/authorizer-configuration';
import { keyItemId } from '../../../lib/protocol/key-table';
import type { AuthorizerRequest } from '../authorizer-request';
import type { Caller, Verifier } from '../caller';
import type { Credential } from '../credential';
import { Unauthenticated } from '../refused';
import { revoked } from '../revoked';
import { whenKnown } from '../when-known';
import type { RememberedItems } from './remembered-items';
import { isAllowedFrom, type StoredKey } from './stored-key';

/** Proves API keys: by shape and checksum first, then by the hash in the store. */
export class ApiKeyVerifier implements Verifier {
  constructor(
    private readonly configuration: ApiKeyConfiguration,
    private readonly keys: RememberedItems<StoredKey>,
    /** Milliseconds. */
    private readonly now: () => number,
  ) {}

  public verify({ text }: Credential, request: AuthorizerRequest): Caller | Promise<Caller> {
    const parts = parseApiKey(text);
    if (parts === undefined) throw new Unauthenticated('MALFORMED_KEY');

    const { prefix, environment } = this.configuration;
    if (parts.prefix !== prefix || parts.environment !== environment)
      throw new Unauthenticated('FOREIGN_KEY');

    return whenKnown(this.keys.find(keyItemId(parts.id)), (key) => this.prove(text, parts, key, request));
  }

  private prove(
    text: string,
    { id }: ApiKeyParts,
    key: StoredKey | undefined,
    { sourceIp }: AuthorizerRequest,
  ): Caller {
    if (key === undefined) throw new Unauthenticated('UNKNOWN_KEY', id);
    if (!timingSafeEqual(hash('sha256', text, 'buffer'), key.hash))
      throw new Unauthenticated('WRONG_SECRET', id);
    // half of a rotation that came to no end: nobody was ever given it
    if (key.status === 'pending') throw new Unauthenticated('PENDING', id);
    if (key.status !== 'active') throw revoked(id);
    if (key.expiresAt !== undefined && this.now() / 1000 >= key.expiresAt)
      throw new Unauthenticated('EXPIRED', id);
    if (!isAllowedFrom(sourceIp, key)) throw new Unauthenticated('ADDRESS_NOT_ALLOWED', id);

    const { tenant, tier, planKey, activeAfter, limit, scopes, roles } = key;
    return {
      credentialId: id,
      userId: `key:${id}`,
      clientId: id,
      keyId: id,
      tenantId: tenant,
      tier,
      planKey,
      activeAfter,
      limit,
      scopes,
      roles,
      claims: { sub: `key:${id}`, tenant, client_id: id },
    };
  }
}
