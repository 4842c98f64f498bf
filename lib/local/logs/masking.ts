import { isObject, listOf, objectOf, textOf } from '../template/read';
import type { TemplateResolver } from '../template/resolver';

/** Masks what the data-protection policies of the template would mask. */
export interface Masking {
  mask(logGroup: string, line: string): string;
  /** Managed identifiers, which are vendor code and not run here, by log group. */
  readonly notRun: readonly string[];
}

/** Reads the policy of every log group. */
export function readMasking(resolver: TemplateResolver): Masking {
  const patterns = new Map<string, readonly RegExp[]>();
  const notRun: string[] = [];
  for (const id of resolver.idsOf('AWS::Logs::LogGroup')) {
    const policy = policyOf(resolver.properties(id)['DataProtectionPolicy']);
    if (!policy) continue;

    const name = String(resolver.reference(id));
    const custom = customIdentifiers(policy);
    patterns.set(name, [...custom.values()]);
    const managed = [...namedIdentifiers(policy)].filter((identifier) => !custom.has(identifier));
    if (managed.length > 0) notRun.push(`managed data identifiers of ${id}: ${managed.join(', ')}`);
  }
  return {
    notRun,
    mask: (logGroup, line) =>
      (patterns.get(logGroup) ?? []).reduce(
        // each character of a match becomes an asterisk, as CloudWatch Logs shows it
        (masked, pattern) => masked.replace(pattern, (match) => '*'.repeat(match.length)),
        line,
      ),
  };
}

function policyOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (isObject(value)) return value;
  if (typeof value !== 'string') return undefined;

  const parsed: unknown = JSON.parse(value);
  return isObject(parsed) ? parsed : undefined;
}

function customIdentifiers(policy: Readonly<Record<string, unknown>>): ReadonlyMap<string, RegExp> {
  const configured = objectOf(policy['Configuration'] ?? policy['configuration']);
  return new Map(
    listOf(configured['CustomDataIdentifier'] ?? configured['customDataIdentifier']).flatMap((item) => {
      const { Name, Regex } = objectOf(item);
      return typeof Name === 'string' && typeof Regex === 'string'
        ? [[Name, new RegExp(Regex, 'g')] as const]
        : [];
    }),
  );
}

/** Of all statements; a managed identifier is named by an ARN. */
function namedIdentifiers(policy: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const statements = listOf(policy['Statement'] ?? policy['statement']).map(objectOf);
  return new Set(
    statements
      .flatMap((statement) => listOf(statement['DataIdentifier'] ?? statement['dataIdentifier']))
      .flatMap((identifier) => textOf(identifier)?.split('/').at(-1) ?? []),
  );
}
