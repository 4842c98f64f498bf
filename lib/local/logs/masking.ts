import { isObject, listOf, objectOf, textOf } from '../template/read';
import type { TemplateResolver } from '../template/resolver';
import { MANAGED_IDENTIFIERS, type Mask, maskOf } from './managed-identifiers';

/** Masks what the data-protection policies of the template would mask. */
export interface Masking {
  mask(logGroup: string, line: string): string;
  /** Managed identifiers that have no stand-in here, by log group. */
  readonly notRun: readonly string[];
}

/** Reads the policy of every log group. */
export function readMasking(resolver: TemplateResolver): Masking {
  const masks = new Map<string, readonly Mask[]>();
  const notRun: string[] = [];
  for (const id of resolver.idsOf('AWS::Logs::LogGroup')) {
    const policy = policyOf(resolver.properties(id)['DataProtectionPolicy']);
    if (!policy) continue;

    const name = String(resolver.reference(id));
    const custom = customIdentifiers(policy);
    const managed = [...namedIdentifiers(policy)].filter((identifier) => !custom.has(identifier));
    masks.set(name, [
      ...[...custom.values()].map((pattern) => maskOf(pattern)),
      ...managed.flatMap((identifier) => MANAGED_IDENTIFIERS.get(identifier) ?? []),
    ]);
    const others = managed.filter((identifier) => !MANAGED_IDENTIFIERS.has(identifier));
    if (others.length > 0) notRun.push(`managed data identifiers of ${id}: ${others.join(', ')}`);
  }
  return {
    notRun,
    mask: (logGroup, line) => (masks.get(logGroup) ?? []).reduce((masked, mask) => mask(masked), line),
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
