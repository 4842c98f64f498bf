import { hash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { ExactLimit } from '../../../lib/protocol/policy';
import type { AuthorizerRequest } from '../authorizer-request';
import type { Caller } from '../caller';

/** Whom a limit counts; undefined where the request does not say, and all such requests are one caller. */
export function subjectOf(
  by: ExactLimit['by'],
  caller: Caller | undefined,
  request: Pick<AuthorizerRequest, 'sourceIp'>,
): string | undefined {
  switch (by) {
    case 'caller':
      return ofScheme(caller, caller?.userId);
    case 'tenant':
      return caller?.tenantId;
    case 'client':
      return ofScheme(caller, caller?.clientId);
    case 'ip':
      return networkOf(request.sourceIp);
  }
}

// issuers know nothing of each other's names; tenants are ours, whoever proves them
const ofScheme = (caller: Caller | undefined, name: string | undefined) =>
  name === undefined ? undefined : JSON.stringify([caller?.scheme, name]);

/**
 * Name of a counter. Hashed, so that a store holds no identifiers, and so that no identifier can be written that
 * falls into another's counter.
 */
export function limitKey(apiId: string, scope: string, by: string, subject: string | undefined): string {
  const parts = JSON.stringify([apiId, scope, by, subject ?? null]);
  return hash('sha256', parts, 'base64url');
}

/** Whoever has an IPv6 address has at least the 2⁶⁴ beside it. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  // an address of IPv4, of which each is somebody else's
  const [, mapped] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  if (mapped) return mapped;
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...right];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
