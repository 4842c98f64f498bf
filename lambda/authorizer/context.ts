import {
  ABSENT,
  type AuthorizerContext,
  type ContextKey,
  MAXIMUM_CONTEXT_BYTES,
} from '../../lib/protocol/identity-headers';
import type { Caller } from './caller';
import { Forbidden } from './refused';

/** What is in the context beside the caller. */
export interface ContextDetails {
  readonly operation: string;
  /** Value of the backend's `Authorization` header. */
  readonly identity?: string;
  /** Value of the backend's `Cookie` header. */
  readonly cookies?: string;
  readonly code?: string;
  readonly detail?: string;
}

const NOBODY: Caller = { credentialId: ABSENT, scopes: [], roles: [], claims: {} };

export function anonymousContext(details: ContextDetails): AuthorizerContext {
  return contextOf(NOBODY, details);
}

/** The same, with the caller's identity. Throws `Forbidden` where it cannot be handed on as it is. */
export function callerContext(caller: Caller, details: ContextDetails): AuthorizerContext {
  const context = contextOf(caller, details);
  if (!fits(context)) throw new Forbidden('CONTEXT_TOO_LARGE', caller.credentialId);
  return context;
}

/** Every key, whatever happened: a missing one would let the caller's own header through. */
function contextOf(
  { credentialId, userId, roles, scopes, tenantId, clientId, keyId, tier }: Caller,
  { operation, identity = ABSENT, cookies = ABSENT, code = ABSENT, detail }: ContextDetails,
): AuthorizerContext {
  return {
    userId: single(userId, credentialId),
    userRoles: list(roles, credentialId),
    userScopes: list(scopes, credentialId),
    tenantId: logged(tenantId, credentialId),
    clientId: single(clientId?.replace(/["\\%]/g, encodeURIComponent), credentialId),
    keyId: logged(keyId, credentialId),
    tier: logged(tier, credentialId),
    identity,
    cookies,
    operation: printableOr(operation, ABSENT),
    code,
    detail: printableOr(detail, ABSENT),
  };
}

// all of it is ASCII, so that characters are bytes, and escapes at most double them; what is short for sure
// need not be written down to be measured
function fits(context: AuthorizerContext): boolean {
  let characters = NAMES_AND_MARKS;
  for (const key in context) characters += 2 * context[key as ContextKey].length;
  return characters <= MAXIMUM_CONTEXT_BYTES || JSON.stringify(context).length <= MAXIMUM_CONTEXT_BYTES;
}

const NAMES_AND_MARKS = JSON.stringify(anonymousContext({ operation: ABSENT })).length;

// a header's value: printable, no blank at either end (a reader would trim it: another value)
const PRINTABLE = /^[!-~](?:[ -~]*[!-~])?$/;

function single(value: string | undefined, credentialId: string): string {
  if (value === undefined) return ABSENT;
  if (value !== ABSENT && PRINTABLE.test(value)) return value;
  throw new Forbidden('UNPRINTABLE_IDENTITY', credentialId);
}

/**
 * The access log quotes these as they are (aws-facts 8.10): a quote or backslash of an issuer's customer would add
 * fields to the line. The user stands there as `principalId`, and clients, whose certificates may well have one in
 * their names, by their encoded name.
 */
function logged(value: string | undefined, credentialId: string): string {
  if (value !== undefined && /["\\]/.test(value)) throw new Forbidden('UNPRINTABLE_IDENTITY', credentialId);
  return single(value, credentialId);
}

/**
 * Items with a blank between them. A blank, comma or percent sign within an item is percent-encoded: a role
 * `a b` must not become the roles `a` and `b`.
 */
function list(values: readonly string[], credentialId: string): string {
  if (values.length === 0) return ABSENT;
  const apart = values.some((value) => /[ ,%]/.test(value))
    ? values.map((value) => value.replace(/[ ,%]/g, encodeURIComponent))
    : values;
  return single(apart.join(' '), credentialId);
}

// details are ours or the document's; problem documents are templates, so quotes and backslashes stay out
function printableOr(value: string | undefined, fallback: string): string {
  const clean = value?.replace(/[^ !#-[\]-~]/g, '?').trim();
  return clean ? clean.slice(0, 256) : fallback;
}
