import type { Draft4 } from './draft4';

/** What is known of a keyword of JSON Schema draft 4 in a model that API Gateway imports. */
interface Keyword {
  /** Row of aws-facts that speaks of it. */
  readonly fact: string;

  /** Whether it may be emitted and counted on. What is not proven is emitted only on request, and never counted on. */
  readonly proven: boolean;
}

const proven = (fact: string): Keyword => ({ fact, proven: true });
const unproven = (fact: string): Keyword => ({ fact, proven: false });

/**
 * Every keyword a model may have; nothing else is ever emitted.
 *
 * Row 4.10 says that models are draft 4 and lists what of it does not work; what OpenAPI 3.0 has too and the list does not
 * name is taken as proven. An unsupported keyword fails the whole import (13.8), hence the caution.
 */
export const KEYWORDS: Readonly<Record<string, Keyword>> = {
  $ref: proven('4.9'),
  type: proven('4.10'),
  enum: proven('4.10'),
  minimum: proven('4.10'),
  maximum: proven('4.10'),
  multipleOf: proven('4.10'),
  minLength: proven('4.10'),
  maxLength: proven('4.10'),
  pattern: proven('4.10'),
  items: proven('4.10'),
  uniqueItems: proven('4.10'),
  properties: proven('4.10'),
  required: proven('4.8'),
  minProperties: proven('4.10'),
  maxProperties: proven('4.10'),
  additionalProperties: proven('4.11'),
  anyOf: proven('4.11'),
  oneOf: proven('4.9'),
  allOf: proven('4.10'),
  // 4.10 does not name it among what does not work, 4.13 counts it among what may not: counted on, with a finding
  not: proven('4.13'),

  // kept on import, but "not in simple request validation"
  minItems: unproven('4.11'),
  maxItems: unproven('4.10'),
  // draft 4 has them, OpenAPI 3.0 has not, and an importer that reads OpenAPI refuses what it does not know
  patternProperties: unproven('13.8'),
  additionalItems: unproven('13.8'),
};

/** Fact behind a keyword of the document that no model can have. */
export const UNSUPPORTED_FACT = '13.8';

/** A list of schemas under `items` is a construct of its own: OpenAPI 3.0 has no tuples. */
const tupleIn = ({ items }: Draft4): boolean => Array.isArray(items);

/**
 * Fails on a schema with anything but the keywords above; reaching it is a fault of the compiler, not of the document.
 */
export function requireKnownKeywords(schema: Draft4, emitUnproven: boolean): void {
  for (const [keyword, value] of Object.entries(schema)) {
    const known = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
    if (!known || !(known.proven || emitUnproven)) {
      throw new Error(`the model compiler emitted '${keyword}', which API Gateway is not known to import`);
    }
    for (const child of schemasUnder(keyword, value)) requireKnownKeywords(child, emitUnproven);
  }
  if (tupleIn(schema) && !emitUnproven) throw new Error('the model compiler emitted a tuple');
  if (typeof schema.type !== 'undefined' && !PROVEN_TYPES.has(schema.type)) {
    throw new Error(`the model compiler emitted type ${JSON.stringify(schema.type)}`);
  }
}

/** `null` and lists of types are not proven (13.8); both have equivalents, so they are never emitted. */
const PROVEN_TYPES = new Set<unknown>(['string', 'number', 'integer', 'boolean', 'object', 'array']);

/** The schemas that stand under one keyword. */
export function schemasUnder(keyword: string, value: unknown): Draft4[] {
  switch (keyword) {
    case 'properties':
    case 'patternProperties':
      return Object.values(value as Record<string, Draft4>);
    case 'allOf':
    case 'anyOf':
    case 'oneOf':
      return value as Draft4[];
    case 'not':
      return [value as Draft4];
    case 'items':
    case 'additionalItems':
    case 'additionalProperties':
      return Array.isArray(value) ? value : typeof value === 'object' ? [value as Draft4] : [];
    default:
      return [];
  }
}

/** Whether a schema, or one within, has a keyword. */
export function usesKeyword(schema: Draft4, wanted: string): boolean {
  return Object.entries(schema).some(
    ([keyword, value]) =>
      keyword === wanted || schemasUnder(keyword, value).some((child) => usesKeyword(child, wanted)),
  );
}
