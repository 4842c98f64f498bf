import type { SecurityAlternative } from '../protocol/policy';
import { asObject } from './json-pointer';
import type { Operation } from './operation';
import type { Report } from './report';
import type { SecurityScheme } from './security-schemes';
import type { Settings } from './setting';
import type { DocumentSource, Sourced } from './source';
import { choice, listed, shown, suggestion } from './suggestion';

/** What an operation demands of its callers, and where the document says so. */
export interface OperationSecurity {
  /** Alternatives, any one of which admits. Empty: the operation is public. */
  readonly alternatives: readonly SecurityAlternative[];
  readonly place: Sourced;
  readonly inherited: boolean;
}

export interface SecurityContext {
  readonly source: DocumentSource;
  readonly report: Report;
  readonly schemes: ReadonlyMap<string, SecurityScheme | undefined>;
  /** Names of schemes the gateway has been told how to verify. */
  readonly authentication: readonly string[];
}

/**
 * Writes out what guards an operation: its own `security`, else the root's.
 *
 * An operation is public only if the document says so twice, by `security: []` and by `x-gateway.public`.
 * Whatever is unclear is a problem, so that nothing synthesizes open by accident.
 */
export function expandSecurity(
  operation: Operation,
  settings: Settings,
  context: SecurityContext,
): OperationSecurity {
  const { source, report } = context;
  const own = source.child(operation.node, 'security');
  const inherited = own.value === undefined;
  const place = inherited ? source.child(source.root, 'security') : own;
  const closed = { alternatives: [], place: inherited ? operation.node : own, inherited };

  if (place.value === undefined) {
    report.problem(
      'NO_SECURITY',
      operation.node,
      `${operation.name} has no 'security', and neither has the root`,
      "name a security scheme, or open it in both words: 'security: []' and 'x-gateway: { public: \"<reason>\" }'",
    );
    return closed;
  }
  if (!Array.isArray(place.value)) {
    report.problem('MALFORMED', place, `'security' is ${shown(place.value)}`, 'write a list of requirements');
    return closed;
  }
  if (place.value.length === 0) {
    requirePublicWord(operation, settings, place, report);
    return { alternatives: [], place, inherited };
  }
  if (settings.public) {
    report.problem(
      'PUBLIC_WITHOUT_OPEN_SECURITY',
      settings.public.place,
      `${operation.name} is said to be public, but its 'security' demands credentials`,
      "write 'security: []' beside it, or remove 'public'",
    );
  }
  const alternatives = place.value.map((_, index) =>
    readAlternative(operation, source.child(place, index), context),
  );
  return { alternatives, place, inherited };
}

function requirePublicWord(operation: Operation, settings: Settings, place: Sourced, report: Report): void {
  if (settings.public) return;

  report.problem(
    'OPEN_OPERATION',
    place.pointer.startsWith(operation.node.pointer) ? place : operation.node,
    `${operation.name} is open to anyone, got 'security: []'`,
    'name a security scheme, or say why it may be open: \'x-gateway: { public: "<reason>" }\'',
  );
}

function readAlternative(
  operation: Operation,
  place: Sourced,
  context: SecurityContext,
): SecurityAlternative {
  const { source, report } = context;
  const requirement = asObject(place.value);
  if (!requirement) {
    report.problem('MALFORMED', place, `a security requirement is ${shown(place.value)}`, 'write an object');
    return {};
  }
  const names = Object.keys(requirement);
  if (names.length === 0) {
    report.problem(
      'OPEN_ALTERNATIVE',
      place,
      `${operation.name} admits anyone by the empty requirement '{}'`,
      "remove it, or make the operation public in both words: 'security: []' and 'x-gateway: { public: \"<reason>\" }'",
    );
  }
  return Object.fromEntries(
    names.map((name) => [name, readScopes(name, source.child(place, name), context)]),
  );
}

function readScopes(name: string, place: Sourced, context: SecurityContext): readonly string[] {
  const { source, report, schemes, authentication } = context;
  if (!schemes.has(name)) {
    report.problem(
      'UNKNOWN_SCHEME',
      place,
      `security scheme ${JSON.stringify(name)} is not defined${suggestion(name, [...schemes.keys()])}`,
      `${choice('use', [...schemes.keys()])}define it under components.securitySchemes`,
    );
  } else if (!authentication.includes(name)) {
    report.problem(
      'SCHEME_WITHOUT_AUTHENTICATION',
      // once, however many operations name it
      source.child(source.root, 'components', 'securitySchemes', name),
      `nothing says how to verify security scheme ${JSON.stringify(name)}${suggestion(name, authentication)}`,
      `add ${JSON.stringify(name)} to 'authentication', which has ${listed(authentication)}`,
    );
  }
  if (Array.isArray(place.value) && place.value.every((scope) => typeof scope === 'string')) {
    return [...new Set(place.value)];
  }
  report.problem(
    'MALFORMED',
    place,
    `scopes are ${shown(place.value)}`,
    "write a list of scopes, '[]' for none",
  );
  return [];
}
