import { ABSENT, type AuthorizerContext, MAXIMUM_CONTEXT_BYTES } from '../../lib/protocol/identity-headers';
import type { Caller } from './caller';
import { Forbidden } from './refused';

/** What is in the context beside the caller. */
export interface ContextDetails {
  readonly operation: string;
  readonly code?: string;
  readonly detail?: string;
}

const ANONYMOUS = {
  userId: ABSENT,
  userRoles: ABSENT,
  userScopes: ABSENT,
  tenantId: ABSENT,
  clientId: ABSENT,
  keyId: ABSENT,
  tier: ABSENT,
  identity: ABSENT,
};

/** Every key, whatever happened: a missing one would let the caller's own header through. */
export function anonymousContext({ operation, code, detail }: ContextDetails): AuthorizerContext {
  return {
    ...ANONYMOUS,
    operation: printableOr(operation, ABSENT),
    code: code ?? ABSENT,
    detail: printableOr(detail, ABSENT),
  };
}

/** The same, with the caller's identity. Throws `Forbidden` where it cannot be handed on as it is. */
export function callerContext(caller: Caller, details: ContextDetails): AuthorizerContext {
  const { credentialId } = caller;
  const context: AuthorizerContext = {
    ...anonymousContext(details),
    userId: single(caller.userId, credentialId),
    userRoles: list(caller.roles, credentialId),
    userScopes: list(caller.scopes, credentialId),
    tenantId: single(caller.tenantId, credentialId),
    clientId: single(caller.clientId, credentialId),
    keyId: single(caller.keyId, credentialId),
    tier: single(caller.tier, credentialId),
  };
  // all of it is ASCII: bytes and characters are one
  if (JSON.stringify(context).length > MAXIMUM_CONTEXT_BYTES)
    throw new Forbidden('CONTEXT_TOO_LARGE', credentialId);
  return context;
}

// a header's value: printable, no blank at either end (a reader would trim it: another value)
const PRINTABLE = /^[!-~](?:[ -~]*[!-~])?$/;

function single(value: string | undefined, credentialId: string): string {
  if (value === undefined) return ABSENT;
  if (value !== ABSENT && PRINTABLE.test(value)) return value;
  throw new Forbidden('UNPRINTABLE_IDENTITY', credentialId);
}

/**
 * Items with a blank between them. A blank, comma or percent sign within an item is percent-encoded: a role
 * `a b` must not become the roles `a` and `b`.
 */
function list(values: readonly string[], credentialId: string): string {
  if (values.length === 0) return ABSENT;
  return single(values.map((value) => value.replace(/[ ,%]/g, encodeURIComponent)).join(' '), credentialId);
}

// details are ours or the document's; problem documents are templates, so quotes and backslashes stay out
function printableOr(value: string | undefined, fallback: string): string {
  const clean = value?.replace(/[^ !#-[\]-~]/g, '?').trim();
  return clean ? clean.slice(0, 256) : fallback;
}
