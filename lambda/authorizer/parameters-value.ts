import type { ContainsRule, JsonType, ValueRule } from '../../lib/protocol/parameter-rules';
import { NUMBER_FORMATS, TEXT_FORMATS } from './parameters-formats';
import { preparePattern } from './parameters-pattern';

/** Whether a value satisfies a rule. */
export type Check = (value: unknown) => boolean;

type Definitions = Readonly<Record<string, ValueRule>>;

/** Makes a rule ready: one closure for each keyword that is there, none for those that are not. */
export function prepareValue(rule: ValueRule, definitions: Definitions = {}): Check {
  const prepared = new Map<string, Check>();

  const prepare = (part: ValueRule): Check => every(checksOf(part));

  function checksOf(part: ValueRule): Check[] {
    return [
      ...(part.never ? [() => false] : []),
      ...(part.ref === undefined ? [] : [reference(part.ref)]),
      ...(part.type ? [typeCheck(part.type)] : []),
      ...(part.enum ? [enumCheck(part.enum)] : []),
      ...textChecks(part),
      ...numberChecks(part),
      ...arrayChecks(part, prepare),
      ...objectChecks(part, prepare),
      ...(part.all ?? []).map(prepare),
      ...(part.any ? [anyCheck(part.any.map(prepare))] : []),
      ...(part.one ? [oneCheck(part.one.map(prepare))] : []),
      ...(part.not ? [notCheck(prepare(part.not))] : []),
      ...(part.choice ? [choiceCheck(part.choice, prepare)] : []),
    ];
  }

  // prepared when first asked, because it may be the rule we are preparing
  function reference(id: string): Check {
    return (value) => {
      const known = prepared.get(id) ?? prepare(definitions[id] ?? { never: true });
      prepared.set(id, known);
      return known(value);
    };
  }

  return prepare(rule);
}

/** All of `checks`; the common short ones without a loop. */
function every(checks: readonly Check[]): Check {
  const [first, second, third] = checks;
  if (!first) return () => true;
  if (!second) return first;
  if (!third) return (value) => first(value) && second(value);
  if (checks.length === 3) return (value) => first(value) && second(value) && third(value);
  return (value) => {
    for (const check of checks) if (!check(value)) return false;
    return true;
  };
}

const TYPE_CHECKS: Readonly<Record<JsonType, Check>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

function typeCheck(types: readonly JsonType[]): Check {
  return anyCheck(types.map((type) => TYPE_CHECKS[type]));
}

function enumCheck(values: readonly unknown[]): Check {
  if (values.every((value) => typeof value !== 'object' || value === null)) {
    const scalars = new Set(values);
    return (value) => scalars.has(value);
  }
  const canonicals = new Set(values.map(canonical));
  return (value) => canonicals.has(canonical(value));
}

function textChecks({ minLength, maxLength, pattern, format }: ValueRule): Check[] {
  const matches = pattern && preparePattern(pattern);
  const isFormat = format && TEXT_FORMATS[format];
  const checks: ((text: string) => boolean)[] = [
    // a code point is one or two units, so most texts need no counting
    ...(minLength === undefined
      ? []
      : [
          (text: string) =>
            text.length >= minLength && (text.length >= 2 * minLength || length(text) >= minLength),
        ]),
    ...(maxLength === undefined
      ? []
      : [
          (text: string) =>
            text.length <= maxLength || (text.length <= 2 * maxLength && length(text) <= maxLength),
        ]),
    ...(isFormat ? [isFormat] : []),
    ...(matches ? [matches] : []),
  ];
  return checks.map((check) => (value) => typeof value !== 'string' || check(value));
}

function numberChecks({ minimum, maximum, above, below, multipleOf, format }: ValueRule): Check[] {
  const isFormat = format && NUMBER_FORMATS[format];
  const checks: ((number: number) => boolean)[] = [
    ...(minimum === undefined ? [] : [(number: number) => number >= minimum]),
    ...(maximum === undefined ? [] : [(number: number) => number <= maximum]),
    ...(above === undefined ? [] : [(number: number) => number > above]),
    ...(below === undefined ? [] : [(number: number) => number < below]),
    ...(multipleOf === undefined ? [] : [(number: number) => isMultiple(number, multipleOf)]),
    ...(isFormat ? [isFormat] : []),
  ];
  return checks.map((check) => (value) => typeof value !== 'number' || check(value));
}

function arrayChecks(rule: ValueRule, prepare: (rule: ValueRule) => Check): Check[] {
  const { minItems, maxItems, uniqueItems, contains } = rule;
  const items = rule.items && prepare(rule.items);
  const prefix = (rule.prefixItems ?? []).map(prepare);
  const checks: ((array: readonly unknown[]) => boolean)[] = [
    ...(minItems === undefined ? [] : [(array: readonly unknown[]) => array.length >= minItems]),
    ...(maxItems === undefined ? [] : [(array: readonly unknown[]) => array.length <= maxItems]),
    ...(items && prefix.length === 0 ? [allItems(items)] : []),
    ...(prefix.length > 0
      ? [
          (array: readonly unknown[]) =>
            array.every((value, index) => (prefix[index] ?? items)?.(value) ?? true),
        ]
      : []),
    ...(uniqueItems ? [isUnique] : []),
    ...(contains ? [containsCheck(contains, prepare(contains.value))] : []),
  ];
  return checks.map((check) => (value) => !Array.isArray(value) || check(value));
}

function allItems(check: Check) {
  return (array: readonly unknown[]): boolean => {
    for (const value of array) if (!check(value)) return false;
    return true;
  };
}

function objectChecks(rule: ValueRule, prepare: (rule: ValueRule) => Check): Check[] {
  const { required, minProperties, maxProperties } = rule;
  const properties = new Map(
    Object.entries(rule.properties ?? {}).map(([name, part]) => [name, prepare(part)]),
  );
  const additional = rule.additional && prepare(rule.additional);
  const checks: ((object: Readonly<Record<string, unknown>>) => boolean)[] = [
    ...(required ? [(object: object) => required.every((name) => Object.hasOwn(object, name))] : []),
    ...(minProperties === undefined ? [] : [(object: object) => Object.keys(object).length >= minProperties]),
    ...(maxProperties === undefined ? [] : [(object: object) => Object.keys(object).length <= maxProperties]),
    ...(properties.size > 0 || additional
      ? [
          (object: Readonly<Record<string, unknown>>) =>
            Object.keys(object).every((name) => (properties.get(name) ?? additional)?.(object[name]) ?? true),
        ]
      : []),
  ];
  return checks.map((check) => (value) => !isRecord(value) || check(value));
}

function anyCheck(checks: readonly Check[]): Check {
  const [first, second] = checks;
  if (first && checks.length === 1) return first;
  if (first && second && checks.length === 2) return (value) => first(value) || second(value);
  return (value) => checks.some((check) => check(value));
}

function oneCheck(checks: readonly Check[]): Check {
  return (value) => checks.filter((check) => check(value)).length === 1;
}

function notCheck(check: Check): Check {
  return (value) => !check(value);
}

function choiceCheck(choice: NonNullable<ValueRule['choice']>, prepare: (rule: ValueRule) => Check): Check {
  const condition = prepare(choice.if);
  const then = prepare(choice.then ?? {});
  const otherwise = prepare(choice.else ?? {});
  return (value) => (condition(value) ? then(value) : otherwise(value));
}

function containsCheck({ minimum, maximum }: ContainsRule, check: Check) {
  return (array: readonly unknown[]) => {
    const found = array.filter((value) => check(value)).length;
    return found >= minimum && found <= (maximum ?? found);
  };
}

/** In decimals, as both were written: in binary fractions 0.3 is not a multiple of 0.1. */
function isMultiple(number: number, divisor: number): boolean {
  if (Number.isInteger(divisor) && Number.isInteger(number)) return number % divisor === 0;
  if (!Number.isFinite(number)) return false;
  const [digits, exponent] = decimal(number);
  const [divisorDigits, divisorExponent] = decimal(divisor);
  const least = Math.min(exponent, divisorExponent);
  return (
    (digits * 10n ** BigInt(exponent - least)) % (divisorDigits * 10n ** BigInt(divisorExponent - least)) ===
    0n
  );
}

/** Whole digits and the power of ten they count. */
function decimal(number: number): [digits: bigint, exponent: number] {
  const [mantissa = '0', exponent = '0'] = number.toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return [BigInt(whole + fraction), Number(exponent) - fraction.length];
}

function isUnique(array: readonly unknown[]): boolean {
  return new Set(array.map(canonical)).size === array.length;
}

/** Equal values have equal text: keys are sorted. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

/** Characters as JSON Schema counts them. */
function length(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
