import type { CredentialLocation, OperationPolicy, Policy } from '../../lib/protocol/policy';
import type { AuthorizerRequest } from './authorizer-request';
import { type Caller, oneCaller, type Verifier } from './caller';
import { Credentials, locationKey } from './credential';
import { requireOwner } from './owner';
import { Forbidden, Unauthenticated } from './refused';
import { requireRole } from './roles';
import { requireScopes } from './scopes';

/** A security requirement of the document, made ready. */
interface Demand {
  readonly location: CredentialLocation;
  readonly verifier: Verifier;
  readonly scopes: readonly string[];
}

/** Alternatives made ready: any one admits; all demands of one must be met. */
export interface Alternatives {
  readonly list: readonly (readonly Demand[])[];
  /** Every place a credential may be in, once. */
  readonly locations: readonly CredentialLocation[];
}

export function prepareAlternatives(
  { security }: OperationPolicy,
  policy: Policy,
  verifiers: Readonly<Record<string, Verifier>>,
): Alternatives {
  const list = security.map((alternative) =>
    Object.entries(alternative).map(([scheme, scopes]) => {
      const location = policy.schemes[scheme];
      const verifier = verifiers[scheme];
      if (!location || !verifier) throw new Error(`scheme ${scheme} has no configuration`);
      return { location, verifier, scopes };
    }),
  );
  const locations = new Map(list.flat().map(({ location }) => [locationKey(location), location]));
  return { list, locations: [...locations.values()] };
}

/**
 * The caller by the first alternative that admits the request.
 *
 * Fails with what came nearest: 403 where a credential is good but not good enough, else our own failure,
 * else 401.
 */
export async function authenticate(
  alternatives: Alternatives,
  operation: OperationPolicy,
  request: AuthorizerRequest,
): Promise<Caller> {
  const credentials = new Credentials(request);
  refuseTwoOfAKind(alternatives, credentials);

  let nearest: unknown;
  for (const alternative of alternatives.list) {
    try {
      const caller = await admit(alternative, credentials, request);
      if (!caller) continue;

      requireRole(operation.roles, caller);
      requireOwner(operation, caller, request);
      return caller;
    } catch (error) {
      if (nearest === undefined || rank(error) >= rank(nearest)) nearest = error;
    }
  }
  throw nearest ?? new Unauthenticated('NO_CREDENTIAL');
}

// undefined where the request does not carry every credential the alternative asks for
async function admit(
  alternative: readonly Demand[],
  credentials: Credentials,
  request: AuthorizerRequest,
): Promise<Caller | undefined> {
  const callers: Caller[] = [];
  for (const { location } of alternative) {
    if (!credentials.at(location)) return undefined;
  }
  for (const { location, verifier, scopes } of alternative) {
    const credential = credentials.at(location);
    if (!credential) return undefined;

    const answer = verifier.verify(credential, request);
    const caller = answer instanceof Promise ? await answer : answer;
    requireScopes(scopes, caller);
    callers.push(caller);
  }
  // no demand at all would admit anyone
  return callers.length === 1 ? callers[0] : oneCaller(callers);
}

/** Two keys in two headers, unless one alternative asks for both. */
function refuseTwoOfAKind({ list, locations }: Alternatives, credentials: Credentials): void {
  // the one place speaks for itself when it is read
  if (locations.length < 2) return;

  const carried: string[] = [];
  const texts = new Set<string>();
  for (const location of locations) {
    const text = credentials.textAt(location);
    if (location.in !== 'header' || text === undefined) continue;
    carried.push(location.name);
    texts.add(text);
  }
  if (texts.size < 2) return;

  const together = list.some((alternative) => {
    const names = alternative.map(({ location }) => (location.in === 'header' ? location.name : undefined));
    return carried.every((name) => names.includes(name));
  });
  if (!together) throw new Unauthenticated('AMBIGUOUS_CREDENTIAL');
}

function rank(error: unknown): number {
  if (error instanceof Forbidden) return 3;
  return error instanceof Unauthenticated ? 1 : 2;
}
