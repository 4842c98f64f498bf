import type { SecurityAlternative } from '../protocol/policy';
import type { CompiledOperation } from './compiled-operation';
import { FindingSeverity, type Report } from './report';
import type { SecurityScheme } from './security-schemes';
import { listed } from './suggestion';

const WRITING = ['POST', 'PUT', 'PATCH', 'DELETE'];
const BROAD = /(^|[^a-z])(all|any|admin|administrator|root|full|super-?user|owner)([^a-z]|$)|\*/i;

/** Finds what guards less than it seems to. */
export function findWeakSecurity(
  operations: readonly CompiledOperation[],
  schemes: ReadonlyMap<string, SecurityScheme | undefined>,
  report: Report,
): void {
  for (const compiled of operations) {
    findPublic(compiled, report);
    findKeyOnly(compiled, schemes, report);
    findWithoutScope(compiled, report);
    findBroadScope(compiled, report);
    findUndeclaredScope(compiled, schemes, report);
    findSharedOwner(compiled, schemes, report);
  }
}

function findPublic({ operation, security, settings }: CompiledOperation, report: Report): void {
  if (security.alternatives.length > 0 || !settings.public) return;

  report.finding(settings.public.place, {
    code: 'PUBLIC_OPERATION',
    severity: FindingSeverity.INFO,
    operation: operation.name,
    message: `open to anyone: ${settings.public.value}`,
    remedy: "remove 'public' and name a security scheme if that is no longer so",
  });
}

function findKeyOnly(
  { operation, security }: CompiledOperation,
  schemes: ReadonlyMap<string, SecurityScheme | undefined>,
  report: Report,
): void {
  if (!WRITING.includes(operation.method)) return;

  const keyOnly = security.alternatives.some((alternative) =>
    Object.keys(alternative).every((name) => schemes.get(name)?.location.in === 'header'),
  );
  if (security.alternatives.length === 0 || !keyOnly) return;

  report.finding(security.place, {
    code: 'API_KEY_ONLY',
    severity: FindingSeverity.WARNING,
    operation: operation.name,
    message:
      'an API key alone admits to a writing operation: a key names a machine, lives long and is copied easily',
    remedy: 'demand a token with a scope, or beside the key a client certificate',
    fact: '5.16',
  });
}

function findWithoutScope({ operation, security, settings }: CompiledOperation, report: Report): void {
  const { roles, owner } = settings;
  if (roles || owner) return;

  const bare = security.alternatives.some((alternative) =>
    Object.values(alternative).every((scopes) => scopes.length === 0),
  );
  if (security.alternatives.length === 0 || !bare) return;

  report.finding(security.place, {
    code: 'NO_SCOPE',
    severity: FindingSeverity.WARNING,
    operation: operation.name,
    message: 'whoever has a valid credential is admitted: no scope, role or owner is demanded',
    remedy: "name scopes beside the scheme, or add 'x-gateway: { roles: […] }'",
  });
}

function findBroadScope({ operation, security }: CompiledOperation, report: Report): void {
  const broad = scopesOf(security.alternatives).filter((scope) => BROAD.test(scope));
  if (broad.length === 0) return;

  report.finding(security.place, {
    code: 'BROAD_SCOPE',
    severity: FindingSeverity.WARNING,
    operation: operation.name,
    message: `the scope ${listed(broad)} says everything at once`,
    remedy: 'name a scope for what this operation does',
  });
}

function findUndeclaredScope(
  { operation, security }: CompiledOperation,
  schemes: ReadonlyMap<string, SecurityScheme | undefined>,
  report: Report,
): void {
  for (const alternative of security.alternatives) {
    for (const [name, scopes] of Object.entries(alternative)) {
      const declared = schemes.get(name)?.scopes;
      const unknown = declared ? scopes.filter((scope) => !declared.includes(scope)) : [];
      if (unknown.length === 0) continue;
      report.finding(security.place, {
        code: 'UNDECLARED_SCOPE',
        severity: FindingSeverity.WARNING,
        operation: operation.name,
        message: `scope ${listed(unknown)} is demanded, but ${JSON.stringify(name)} declares no such scope, so no one may hold it`,
        remedy: 'declare it among the scopes of the scheme, or mend its name',
      });
    }
  }
}

/** The owner rule compares a claim, whichever issuer it comes from. */
function findSharedOwner(
  { operation, security, settings }: CompiledOperation,
  schemes: ReadonlyMap<string, SecurityScheme | undefined>,
  report: Report,
): void {
  const names = [...new Set(security.alternatives.flatMap((alternative) => Object.keys(alternative)))];
  const issuing = names.filter((name) => schemes.get(name)?.location.in === 'authorization');
  if (!settings.owner || issuing.length < 2) return;

  const { claim, parameter } = settings.owner.value;
  report.finding(settings.owner.place, {
    code: 'SHARED_OWNER',
    severity: FindingSeverity.WARNING,
    operation: operation.name,
    message: `whoever has the claim '${claim}' of ${listed(issuing)} that equals '${parameter}' is the owner: two people, if the issuers give one value to both`,
    remedy: 'see that they do not, or demand one scheme here and another operation of the others',
  });
}

function scopesOf(alternatives: readonly SecurityAlternative[]): string[] {
  return [...new Set(alternatives.flatMap((alternative) => Object.values(alternative).flat()))];
}
