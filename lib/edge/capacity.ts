import { managedCapacity } from './managed-group';
import { isManagedGroup, type RuleDraft } from './rule-draft';
import type { Field, Statement } from './statement';

/** Web ACL capacity units included in its price, and the most there may be (aws-facts 7.4). */
export const INCLUDED_CAPACITY = 1_500;
export const MAXIMUM_CAPACITY = 5_000;

/**
 * Units AWS documents for each statement, as of 2026-11-22 (WAF developer guide, one page a statement;
 * aws-facts 13.14, 13.15).
 */
const UNITS = {
  ipSet: 1,
  geo: 1,
  asn: 1,
  label: 1,
  size: 1,
  regex: 3,
  bytesAtAnEnd: 2,
  bytesAnywhere: 10,
  sqlInjection: { LOW: 20, HIGH: 30 },
  crossSiteScripting: 40,
  rate: 2,
  rateKey: 30,
  transformation: 10,
  allQueryArguments: 10,
  jsonFactor: 2,
} as const;

/** Units one rule needs. */
export function draftCapacity({ statement }: Pick<RuleDraft, 'statement'>): number {
  if (!isManagedGroup(statement)) return statementCapacity(statement);

  return managedCapacity(statement.name);
}

/** Units a statement needs, with all inside of it. */
export function statementCapacity(statement: Statement): number {
  const { andStatement, orStatement, notStatement, rateBasedStatement: rate } = statement;
  if (andStatement) return sum(literal(andStatement).statements);
  if (orStatement) return sum(literal(orStatement).statements);
  if (notStatement) return statementCapacity(literal(literal(notStatement).statement));
  if (rate) {
    const { customKeys, scopeDownStatement } = literal(rate);
    const keys = Array.isArray(customKeys) ? customKeys.length * UNITS.rateKey : 0;
    return UNITS.rate + keys + (scopeDownStatement ? statementCapacity(literal(scopeDownStatement)) : 0);
  }

  return matchCapacity(statement);
}

function matchCapacity(statement: Statement): number {
  const { byteMatchStatement: bytes, regexMatchStatement: regex, sizeConstraintStatement: size } = statement;
  const { sqliMatchStatement: sql, xssMatchStatement: scripting } = statement;
  if (bytes) {
    const anywhere = literal(bytes).positionalConstraint.startsWith('CONTAINS');
    return inspectionCapacity(anywhere ? UNITS.bytesAnywhere : UNITS.bytesAtAnEnd, literal(bytes));
  }
  if (regex) return inspectionCapacity(UNITS.regex, literal(regex));
  if (size) return inspectionCapacity(UNITS.size, literal(size));
  if (sql) {
    const high = literal(sql).sensitivityLevel === 'HIGH';
    return inspectionCapacity(UNITS.sqlInjection[high ? 'HIGH' : 'LOW'], literal(sql));
  }
  if (scripting) return inspectionCapacity(UNITS.crossSiteScripting, literal(scripting));
  if (statement.ipSetReferenceStatement) return UNITS.ipSet;
  if (statement.geoMatchStatement) return UNITS.geo;
  if (statement.asnMatchStatement) return UNITS.asn;
  if (statement.labelMatchStatement) return UNITS.label;

  throw new Error(`unknown capacity of a statement with ${Object.keys(statement).join(', ')}`);
}

interface Inspection {
  readonly fieldToMatch: unknown;
  readonly textTransformations: unknown;
}

function inspectionCapacity(base: number, { fieldToMatch, textTransformations }: Inspection): number {
  const field: Field = Object(fieldToMatch);
  const used = Array.isArray(textTransformations)
    ? textTransformations.filter(({ type }) => type !== 'NONE').length
    : 0;

  return (
    base * (field.jsonBody ? UNITS.jsonFactor : 1) +
    (field.allQueryArguments ? UNITS.allQueryArguments : 0) +
    used * UNITS.transformation
  );
}

function sum(statements: unknown): number {
  return Array.isArray(statements)
    ? statements.reduce<number>((total, statement) => total + statementCapacity(statement), 0)
    : 0;
}

/** Our statements are plain data; the L1's types would let them be resolved later. */
function literal<T extends object>(value: T): Exclude<T, { resolve(context: never): unknown }> {
  return value as Exclude<T, { resolve(context: never): unknown }>;
}
