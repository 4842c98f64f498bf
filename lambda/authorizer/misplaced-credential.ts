import { apiKeyPattern, SHORTEST_API_KEY } from '../../lib/protocol/api-key';
import type { AuthorizerConfiguration } from '../../lib/protocol/authorizer-configuration';
import { FOREIGN_CREDENTIAL_HEADERS, TOKEN_HEADERS } from '../../lib/protocol/credential-names';
import type { OperationPolicy, Policy } from '../../lib/protocol/policy';
import type { AuthorizerRequest } from './authorizer-request';
import type { Violation } from './contract';

/** Where credentials belong in requests to one operation. */
export interface CredentialPlaces {
  /** Headers the backend does not get as they were sent, in lower case: they may hold anything. */
  readonly closed: ReadonlySet<string>;
  readonly credentials: readonly string[];
  /** Headers that the document declares, in lower case. */
  readonly headers: ReadonlySet<string>;
  /** Query parameters that it declares. */
  readonly query: ReadonlySet<string>;
  /** Headers for credentials alone that the document does not declare, in lower case. */
  readonly refused: ReadonlySet<string>;
  /** Whether what looks like a credential is one, where the document declares nothing. */
  readonly shapes: boolean;
  /** What would be so if the contract were enforced, where it is only observed. */
  readonly enforced: CredentialPlaces | undefined;
  /** Matches an API key of this gateway. */
  readonly apiKey: RegExp | undefined;
}

/** Shorter text is no secret. */
const SHORTEST = 16;

const SHORTEST_KEY_IN_BASE64 = Math.floor((SHORTEST_API_KEY * 4) / 3);

/** Proxies and programs encode what is encoded already; nobody does so more often. */
const DECODINGS = 3;

/** What may be Base64, of either alphabet, of an API key; and of a shorter credential. */
const LONG_BASE64 = new RegExp(`[\\w+/-]{${SHORTEST_KEY_IN_BASE64},}`, 'g');
const BASE64 = /[\w+/-]{20,}/g;
const OFFSETS = [0, 1, 2, 3];

/**
 * Shapes of credentials, whoever they are for: a JWT, and what stands in an `Authorization` header. A JWT is looked for
 * from its first dot backwards: from its beginning, a header full of `eyJ` costs a third of a second. Blanks may stand between
 * the brace of its header and the first name, of which so much is read that `SurveyAssistant.prod.app` is none.
 */
const JWT = /\.(?<=e(?:yJ[\w-]{2}|(?:yA|w[0ko])(?:i[YZa-e]|[gJKN][CDI]))[\w-]{6,}=*\.)[\w-]*=*\./;
const SCHEME = /^\s*(?:(basic)|bearer|dpop)\s+([\w.~+/-]{8,}=*)\s*$/i;

export function credentialPlaces(
  operation: OperationPolicy,
  policy: Policy,
  configured: AuthorizerConfiguration['schemes'],
  observed = operation.contract === 'observe',
): CredentialPlaces {
  const { parameters } = operation;
  const { schemes } = policy;
  const named = Object.values(schemes).flatMap((location) =>
    location.in === 'header' ? [location.name] : [],
  );
  const credentials = ['authorization', ...named];
  const namesIn = (place: string) => parameters.filter((rule) => rule.in === place).map(({ name }) => name);
  const headers = new Set(namesIn('header'));
  const undeclared = (names: readonly string[]) =>
    names.map((name) => name.toLowerCase()).filter((name) => !headers.has(name));
  return {
    closed: new Set([...credentials, ...undeclared(['cookie'])]),
    credentials,
    headers,
    query: new Set(namesIn('query')),
    refused: new Set(undeclared([...FOREIGN_CREDENTIAL_HEADERS, ...(observed ? [] : TOKEN_HEADERS)])),
    shapes: !observed,
    enforced: observed ? credentialPlaces(operation, policy, configured, false) : undefined,
    apiKey: apiKeyOf(configured),
  };
}

function apiKeyOf(schemes: AuthorizerConfiguration['schemes']): RegExp | undefined {
  const patterns = Object.values(schemes).flatMap((scheme) =>
    scheme.kind === 'apiKey' ? [apiKeyPattern(scheme.prefix, scheme.environment)] : [],
  );
  return patterns.length === 0 ? undefined : new RegExp(patterns.join('|'));
}

/** What may not be found, and how long it is in Base64 at least. */
interface Sought {
  readonly presented: readonly string[];
  readonly apiKey: RegExp | undefined;
  readonly shortestInBase64: number;
}

/**
 * A credential where the backend would see it.
 *
 * The credential that the request presents, and keys of this gateway, may stand nowhere else; other tokens where the
 * document declares a parameter. Text is read as it is and percent-decoded, and the former also out of Base64.
 */
export function findMisplaced(places: CredentialPlaces, request: AuthorizerRequest): Violation | undefined {
  const { headers, query, pathParameters } = request;
  const sought = soughtIn(places, request);
  for (const name in headers) {
    if (places.closed.has(name)) continue;
    if (places.refused.has(name)) return misplaced(`header ${name}`);
    const open = places.shapes && !places.headers.has(name);
    if (holdsName(name, sought)) return misplaced('header');
    for (const value of headers[name] ?? []) {
      if (holds(value, sought, open)) return misplaced('header');
    }
  }
  for (const name in query) {
    const undeclared = !places.query.has(name);
    const open = places.shapes && undeclared;
    if (undeclared && holds(name, sought, open)) return misplaced('query');
    for (const value of query[name] ?? []) {
      if (holds(value, sought, open)) return misplaced('query');
    }
  }
  for (const name in pathParameters) {
    if (holds(pathParameters[name] ?? '', sought, false)) return misplaced('path');
  }
  return undefined;
}

/**
 * What would be misplaced if the contract were enforced, where it is only observed: it is counted, and a header for
 * credentials alone is replaced on its way. Other tokens pass, so that no client is kept out.
 */
export function findObserved(
  { enforced }: CredentialPlaces,
  request: AuthorizerRequest,
): Violation | undefined {
  const found = enforced && findMisplaced(enforced, request);
  return found && { ...found, always: false };
}

/** A credential in a text that is made for the backend out of what the document declares. */
export function misplacedIn(
  text: string,
  place: string,
  places: CredentialPlaces,
  request: AuthorizerRequest,
): Violation | undefined {
  return holds(text, soughtIn(places, request), false) ? misplaced(place) : undefined;
}

function soughtIn({ credentials, apiKey }: CredentialPlaces, { headers }: AuthorizerRequest): Sought {
  const presented: string[] = [];
  let shortest = apiKey ? SHORTEST_API_KEY : Number.POSITIVE_INFINITY;
  for (const name of credentials) {
    for (const value of headers[name] ?? []) {
      const text = name === 'authorization' ? value.slice(value.indexOf(' ') + 1).trim() : value.trim();
      if (text.length < SHORTEST) continue;
      presented.push(text);
      shortest = Math.min(shortest, text.length);
    }
  }
  return { presented, apiKey, shortestInBase64: (shortest * 4) / 3 };
}

function holds(text: string, sought: Sought, open: boolean): boolean {
  return inReadings(text, (reading) => holdsReading(reading, sought, open));
}

function holdsReading(text: string, sought: Sought, open: boolean): boolean {
  if (holdsPlain(text, sought)) return true;
  // most texts hold neither, which is found out sooner than by an expression
  if (open && ((mayHoldJwt(text) && JWT.test(text)) || isSchemed(text))) return true;
  return text.length >= sought.shortestInBase64 && holdsInBase64(text, sought);
}

/** By the two letters that every JWT begins with, whatever blanks its header has. */
const mayHoldJwt = (text: string) => text.includes('ey') || text.includes('ew');

/** `Basic` stands before a name, a colon and a password (RFC 7617), and in prose. */
function isSchemed(text: string): boolean {
  const found = SCHEME.exec(text);
  return found !== null && (!found[1] || fromBase64(found[2] ?? '').includes(':'));
}

/** With `lower`, in a text that is in lower case. */
function holdsPlain(text: string, { presented, apiKey }: Sought, lower?: boolean): boolean {
  for (const credential of presented) {
    if (text.length < credential.length) continue;
    if (text.includes(lower ? credential.toLowerCase() : credential)) return true;
  }
  return apiKey?.test(text) === true;
}

/** `Basic` with a key for a user's name, and the like; what stands before it may look like Base64 too. */
function holdsInBase64(text: string, sought: Sought): boolean {
  const runs = text.match(sought.shortestInBase64 < SHORTEST_KEY_IN_BASE64 ? BASE64 : LONG_BASE64);
  return !!runs?.some(
    (run) =>
      run.length >= sought.shortestInBase64 &&
      OFFSETS.some((at) => holdsPlain(fromBase64(run.slice(at)), sought)),
  );
}

/** Names of headers come in lower case, so that a credential in one would too. */
function holdsName(name: string, sought: Sought): boolean {
  return inReadings(name, (reading) => holdsPlain(reading.toLowerCase(), sought, true));
}

/** In a text as it is, or decoded; shorter text is no secret. */
function inReadings(text: string, isFound: (reading: string) => boolean): boolean {
  if (text.length < SHORTEST) return false;
  for (let times = 0, reading = text, next = text; times <= DECODINGS; times += 1, reading = next) {
    if (isFound(reading)) return true;
    next = decode(reading);
    if (next === reading) break;
  }
  return false;
}

// a sequence that is none must not hide the others
function decode(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/%([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1');
}

function misplaced(place: string): Violation {
  return { reason: 'MISPLACED_CREDENTIAL', detail: place, always: true };
}
