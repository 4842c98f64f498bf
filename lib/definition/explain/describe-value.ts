import type { ValueRule } from '../../protocol/parameter-rules';

/** The constraints a compiled value rule holds, in words; `anything` if it holds none. */
export function describeValue(rule: ValueRule): string {
  return constraintsOf(rule).join(', ') || 'anything';
}

function constraintsOf(rule: ValueRule): string[] {
  return [
    rule.never && 'nothing',
    rule.type?.join(' or '),
    rule.format && `format ${rule.format}`,
    rule.enum && `one of ${rule.enum.map((value) => JSON.stringify(value)).join(' ')}`,
    ...boundsOf(rule),
    rule.pattern && `pattern ${rule.pattern.source}`,
    rule.items && `each ${inner(rule.items)}`,
    rule.uniqueItems && 'no two alike',
    rule.properties && `properties ${Object.keys(rule.properties).join(' ')}`,
    rule.required && rule.required.length > 0 && `with ${rule.required.join(' ')}`,
    rule.all?.map(inner).join(' and '),
    rule.any && `any of ${rule.any.map(inner).join(' or ')}`,
    rule.one && `exactly one of ${rule.one.map(inner).join(' or ')}`,
    rule.not && `not ${inner(rule.not)}`,
    rule.choice && 'by condition',
    rule.ref && `as ${rule.ref}`,
  ].filter((text) => typeof text === 'string');
}

function inner(rule: ValueRule): string {
  return `(${describeValue(rule)})`;
}

function boundsOf(rule: ValueRule): (string | undefined)[] {
  return [
    range('length', rule.minLength, rule.maxLength),
    range('value', rule.minimum, rule.maximum),
    rule.above === undefined ? undefined : `above ${rule.above}`,
    rule.below === undefined ? undefined : `below ${rule.below}`,
    rule.multipleOf === undefined ? undefined : `a multiple of ${rule.multipleOf}`,
    range('elements', rule.minItems, rule.maxItems),
    range('properties', rule.minProperties, rule.maxProperties),
  ];
}

function range(what: string, minimum?: number, maximum?: number): string | undefined {
  if (minimum === undefined && maximum === undefined) return undefined;
  if (maximum === undefined) return `${what} at least ${minimum}`;
  return minimum === undefined ? `${what} at most ${maximum}` : `${what} ${minimum} to ${maximum}`;
}
