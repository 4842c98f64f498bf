import { apiKeyPattern } from '../../lib/protocol/api-key';
import type { AuthorizerConfiguration } from '../../lib/protocol/authorizer-configuration';
import type { OperationPolicy, Policy } from '../../lib/protocol/policy';
import type { AuthorizerRequest } from './authorizer-request';
import type { Violation } from './contract';

/** Where credentials belong in requests to one operation. */
export interface CredentialPlaces {
  /** Headers the backend does not get as they were sent, in lower case: they may hold anything. */
  readonly closed: ReadonlySet<string>;
  readonly credentials: readonly string[];
  /** Headers and query parameters that the document declares. */
  readonly declared: ReadonlySet<string>;
  /** Matches an API key of this gateway. */
  readonly apiKey: RegExp | undefined;
}

/** Shorter text is no secret. */
const SHORTEST = 16;

/**
 * Shapes of credentials, whoever they are for: a JWT, and what stands in an `Authorization` header. A JWT is looked for
 * from its first dot backwards: from its beginning, a header full of `eyJ` costs a third of a second.
 */
const JWT = /\.(?<=eyJ[\w-]{8,}\.)[\w-]*\./;
const SCHEME = /^\s*(?:basic|bearer|dpop)\s+[\w.~+/-]{8,}=*\s*$/i;

export function credentialPlaces(
  { parameters }: OperationPolicy,
  { schemes }: Policy,
  configured: AuthorizerConfiguration['schemes'],
): CredentialPlaces {
  const named = Object.values(schemes).flatMap((location) =>
    location.in === 'header' ? [location.name] : [],
  );
  const credentials = ['authorization', ...named];
  const declared = parameters.filter((rule) => rule.in === 'header' || rule.in === 'query');
  const cookies = declared.some(({ name }) => name === 'cookie') ? [] : ['cookie'];
  return {
    closed: new Set([...credentials, ...cookies]),
    credentials,
    declared: new Set(declared.map(({ name }) => name)),
    apiKey: apiKeyOf(configured),
  };
}

function apiKeyOf(schemes: AuthorizerConfiguration['schemes']): RegExp | undefined {
  const patterns = Object.values(schemes).flatMap((scheme) =>
    scheme.kind === 'apiKey' ? [apiKeyPattern(scheme.prefix, scheme.environment)] : [],
  );
  return patterns.length === 0 ? undefined : new RegExp(patterns.join('|'));
}

/**
 * A credential where the backend would see it.
 *
 * The credential that the request presents, and keys of this gateway, may stand nowhere else; other tokens where the
 * document declares a parameter. Text is read as it is and percent-decoded.
 */
export function findMisplaced(places: CredentialPlaces, request: AuthorizerRequest): Violation | undefined {
  const { headers, query, pathParameters } = request;
  const presented = presentedIn(places, request);
  for (const name in headers) {
    if (places.closed.has(name)) continue;
    const open = !places.declared.has(name);
    if (name.length >= SHORTEST && holdsName(name, presented, places)) return misplaced('header');
    for (const value of headers[name] ?? []) {
      if (holds(value, presented, places, open)) return misplaced('header');
    }
  }
  for (const name in query) {
    const open = !places.declared.has(name);
    if (open && holds(name, presented, places, open)) return misplaced('query');
    for (const value of query[name] ?? []) {
      if (holds(value, presented, places, open)) return misplaced('query');
    }
  }
  for (const name in pathParameters) {
    if (holds(pathParameters[name] ?? '', presented, places, false)) return misplaced('path');
  }
  return undefined;
}

/** The same of a text that is made for the backend out of what the document declares. */
export function misplacedIn(
  text: string,
  place: string,
  places: CredentialPlaces,
  request: AuthorizerRequest,
): Violation | undefined {
  return holds(text, presentedIn(places, request), places, false) ? misplaced(place) : undefined;
}

function presentedIn({ credentials }: CredentialPlaces, { headers }: AuthorizerRequest): string[] {
  const texts: string[] = [];
  for (const name of credentials) {
    for (const value of headers[name] ?? []) {
      const text = name === 'authorization' ? value.slice(value.indexOf(' ') + 1).trim() : value.trim();
      if (text.length >= SHORTEST) texts.push(text);
    }
  }
  return texts;
}

function holds(text: string, presented: readonly string[], places: CredentialPlaces, open: boolean): boolean {
  if (text.length < SHORTEST) return false;
  if (holdsPlain(text, presented, places, open)) return true;
  return text.includes('%') && holdsPlain(decode(text), presented, places, open);
}

function holdsPlain(
  text: string,
  presented: readonly string[],
  { apiKey }: CredentialPlaces,
  open: boolean,
): boolean {
  for (const credential of presented) {
    if (text.length >= credential.length && text.includes(credential)) return true;
  }
  if (apiKey?.test(text)) return true;
  // most texts hold neither, which is found out sooner than by an expression
  return open && ((text.includes('eyJ') && JWT.test(text)) || SCHEME.test(text));
}

/** Names of headers come in lower case, so that a credential in one would too. */
function holdsName(name: string, presented: readonly string[], { apiKey }: CredentialPlaces): boolean {
  const text = name.includes('%') ? decode(name).toLowerCase() : name;
  for (const credential of presented) {
    if (text.length >= credential.length && text.includes(credential.toLowerCase())) return true;
  }
  return apiKey?.test(text) === true;
}

// a sequence that is none must not hide the others
function decode(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}

function misplaced(place: string): Violation {
  return { reason: 'MISPLACED_CREDENTIAL', detail: place, always: true };
}
