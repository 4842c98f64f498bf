import type { CredentialLocation, OperationPolicy, Policy } from '../../lib/protocol/policy';
import type { AuthorizerRequest } from './authorizer-request';
import { type Caller, oneCaller, type Verifier } from './caller';
import { Credentials, locationKey } from './credential';
import { requireOwner } from './owner';
import { Forbidden, Unauthenticated } from './refused';
import { requireRole } from './roles';
import { requireScopes } from './scopes';
import { whenKnown } from './when-known';

/** A security requirement of the document, made ready. */
interface Demand {
  readonly scheme: string;
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
      return { scheme, location, verifier, scopes };
    }),
  );
  const locations = new Map(list.flat().map(({ location }) => [locationKey(location), location]));
  return { list, locations: [...locations.values()] };
}

/**
 * The caller by the first alternative that admits the request; at once where every verifier asked answers at once.
 *
 * Fails with what came nearest: 403 where a credential is good but not good enough, else our own failure,
 * else 401.
 */
export function authenticate(
  alternatives: Alternatives,
  operation: OperationPolicy,
  request: AuthorizerRequest,
): Caller | Promise<Caller> {
  const credentials = new Credentials(request);
  refuseTwoOfAKind(alternatives, credentials);

  const { list } = alternatives;
  const accept = (caller: Caller) => {
    requireRole(operation.roles, caller);
    requireOwner(operation, caller, request);
    return caller;
  };
  const from = (start: number, failure: unknown): Caller | Promise<Caller> => {
    let nearest = failure;
    for (let index = start; index < list.length; index += 1) {
      try {
        const answer = admit(list[index] ?? [], credentials, request);
        if (answer instanceof Promise) {
          return answer.then(accept).catch((error) => from(index + 1, nearer(nearest, error)));
        }
        if (answer) return accept(answer);
      } catch (error) {
        nearest = nearer(nearest, error);
      }
    }
    throw nearest ?? new Unauthenticated('NO_CREDENTIAL');
  };
  return from(0, undefined);
}

// undefined where the request does not carry every credential the alternative asks for
function admit(
  alternative: readonly Demand[],
  credentials: Credentials,
  request: AuthorizerRequest,
): Caller | Promise<Caller> | undefined {
  for (const { location } of alternative) {
    if (!credentials.at(location)) return undefined;
  }
  const [first] = alternative;
  // no demand at all would admit anyone
  if (!first) return undefined;
  const caller = meet(first, credentials, request);
  return alternative.length === 1 ? caller : meetOthers(caller, alternative, credentials, request);
}

function meet(
  { scheme, location, verifier, scopes }: Demand,
  credentials: Credentials,
  request: AuthorizerRequest,
): Caller | Promise<Caller> {
  const credential = credentials.at(location);
  if (!credential) throw new Unauthenticated('NO_CREDENTIAL');

  return whenKnown(verifier.verify(credential, request), (caller) => {
    requireScopes(scopes, caller);
    caller.scheme = scheme;
    return caller;
  });
}

async function meetOthers(
  first: Caller | Promise<Caller>,
  [, ...others]: readonly Demand[],
  credentials: Credentials,
  request: AuthorizerRequest,
): Promise<Caller> {
  let caller = await first;
  for (const demand of others) caller = oneCaller(caller, await meet(demand, credentials, request));
  return caller;
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

const nearer = (known: unknown, next: unknown) =>
  known === undefined || rank(next) >= rank(known) ? next : known;

function rank(error: unknown): number {
  if (error instanceof Forbidden) return 3;
  return error instanceof Unauthenticated ? 1 : 2;
}
