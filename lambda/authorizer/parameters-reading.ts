import {
  type ParameterRule,
  type ScalarType,
  type StyledReading,
  styleOf,
} from '../../lib/protocol/parameter-rules';
import { elementTexts, type Member, memberTexts, scalarText } from './parameters-styles';
import { type Check, prepareValue } from './parameters-value';

/** Deeper JSON than this is refused: checking it would nest as deep. */
const DEEPEST_JSON = 100;

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** Turns a piece of a raw text into what it stands for, for example by percent-decoding. */
export type Decode = (text: string) => string;

const asIs: Decode = (text) => text;

/** What is wrong with a text, or undefined. */
export type Verdict = 'MALFORMED' | 'INVALID' | undefined;

/** Reads texts of one parameter and judges the value. Which of several readings holds is the caller's luck. */
export interface Reader {
  text(text: string, decode?: Decode): Verdict;
  /** Occurrences of an exploded array. */
  elements(texts: readonly string[]): Verdict;
  members(members: readonly Member[], decode?: Decode): Verdict;
}

/** The reader for a rule that has a reading. */
export function prepareReader(rule: ParameterRule): Reader {
  const check = prepareValue(rule.value, rule.definitions);
  const { reading } = rule;
  if (!reading || reading.style === 'json') return jsonReader(check);

  const judge = (values: readonly unknown[]): Verdict => {
    if (values.length === 0) return 'MALFORMED';
    return values.some((value) => check(value)) ? undefined : 'INVALID';
  };
  const elements = prepareElements(rule, reading);
  const members = prepareMembers(rule, reading);
  const { scalar } = reading;
  const form = styleOf(rule.in, reading);
  const only = scalar?.length === 1 && !reading.items && !reading.properties ? scalar[0] : undefined;

  const plain = plainElements(reading, check);

  return {
    text(text, decode = asIs) {
      const inner = scalar && scalarText(form, rule.name, text);
      if (only) {
        const value = inner === undefined ? undefined : readScalar(decode(inner), only);
        if (value === undefined) return 'MALFORMED';
        return check(value) ? undefined : 'INVALID';
      }
      return judge([
        ...(inner === undefined ? [] : readScalars(decode(inner), scalar ?? [])),
        ...(reading.items
          ? elementTexts(form, rule.name, text).flatMap((texts) => elements(texts.map(decode)))
          : []),
        ...(reading.properties
          ? memberTexts(form, rule.name, text).flatMap((texts) => members(texts, decode))
          : []),
      ]);
    },
    elements(texts) {
      if (plain) return plain(texts);
      const [first] = texts;
      const single = texts.length === 1 && first !== undefined && scalar ? readScalars(first, scalar) : [];
      return judge([...single, ...elements(texts)]);
    },
    members(texts, decode = asIs) {
      return judge(members(texts, decode));
    },
  };
}

function jsonReader(check: Check): Reader {
  return {
    text(text, decode = asIs) {
      const decoded = decode(text);
      if (depth(decoded) > DEEPEST_JSON) return 'MALFORMED';
      try {
        const value: unknown = JSON.parse(decoded);
        // of two members of one name readers take either (RFC 8259 section 4)
        if (membersWritten(decoded) > membersOf(value)) return 'MALFORMED';
        return check(value) ? undefined : 'INVALID';
      } catch {
        return 'MALFORMED';
      }
    },
    elements: () => 'MALFORMED',
    members: () => 'MALFORMED',
  };
}

/** Arrays that texts may stand for: one, or two where an element may be a string or something else. */
function prepareElements(rule: ParameterRule, reading: StyledReading) {
  const { items = [], prefixItems = [] } = reading;
  const accept = prepareValue(rule.value.items ?? {}, rule.definitions);
  const accepts = (rule.value.prefixItems ?? []).map((part) => prepareValue(part, rule.definitions));
  const ambiguous = [items, ...prefixItems].some(isAmbiguous);

  const read = (texts: readonly string[], preferText: boolean): unknown[] | undefined => {
    const values: unknown[] = [];
    for (const [index, text] of texts.entries()) {
      const value = choose(text, prefixItems[index] ?? items, accepts[index] ?? accept, preferText);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  };
  return (texts: readonly string[]): unknown[][] =>
    (ambiguous ? [false, true] : [false]).flatMap((preferText) => {
      const values = read(texts, preferText);
      return values ? [values] : [];
    });
}

/** The common array, of elements of one type: only one reading, nothing to choose. */
function plainElements({ items, scalar, prefixItems }: StyledReading, check: Check) {
  const [type, ...others] = items ?? [];
  if (type === undefined || others.length > 0 || scalar || prefixItems) return undefined;
  return (texts: readonly string[]): Verdict => {
    const values: unknown[] = [];
    for (const text of texts) {
      const value = readScalar(text, type);
      if (value === undefined) return 'MALFORMED';
      values.push(value);
    }
    return check(values) ? undefined : 'INVALID';
  };
}

/** Objects that texts may stand for; likewise. */
function prepareMembers(rule: ParameterRule, reading: StyledReading) {
  const { properties = {}, additional } = reading;
  const declared = new Map(Object.entries(properties));
  const accepts = new Map(
    Object.entries(rule.value.properties ?? {}).map(([name, part]) => [
      name,
      prepareValue(part, rule.definitions),
    ]),
  );
  const accept = prepareValue(rule.value.additional ?? {}, rule.definitions);
  const ambiguous = [...declared.values(), additional ?? []].some(isAmbiguous);

  const read = (members: readonly Member[], decode: Decode, preferText: boolean) => {
    // no prototype, so that a member named __proto__ is one like others
    const object: Record<string, unknown> = Object.create(null);
    for (const [rawName, text] of members) {
      const name = decode(rawName);
      // an undeclared member that is not allowed stays text: the value's rule refuses it
      const types = declared.get(name) ?? additional ?? (['string'] as const);
      const value = choose(decode(text), types, accepts.get(name) ?? accept, preferText);
      if (value === undefined || Object.hasOwn(object, name)) return undefined;
      object[name] = value;
    }
    return object;
  };
  return (members: readonly Member[], decode: Decode): unknown[] =>
    (ambiguous ? [false, true] : [false]).flatMap((preferText) => {
      const object = read(members, decode, preferText);
      return object ? [object] : [];
    });
}

function isAmbiguous(types: readonly ScalarType[]): boolean {
  return types.length > 1 && types.includes('string');
}

/** The reading of a piece that its own rule accepts, else any, so that the refusal is about the value. */
function choose(text: string, types: readonly ScalarType[], accept: Check, preferText: boolean): unknown {
  if (types.length === 1 && types[0]) return readScalar(text, types[0]);
  const values = readScalars(text, types);
  if (preferText && types.includes('string') && accept(text)) return text;
  return values.find((value) => accept(value)) ?? values[0];
}

/** Everything a text may stand for, what is not text first. */
function readScalars(text: string, types: readonly ScalarType[]): unknown[] {
  const values = types.filter((type) => type !== 'string').map((type) => readScalar(text, type));
  return [...values.filter((value) => value !== undefined), ...(types.includes('string') ? [text] : [])];
}

function readScalar(text: string, type: ScalarType): unknown {
  if (type === 'string') return text;
  if (type === 'number') {
    const number = NUMBER.test(text) ? Number(text) : Number.NaN;
    return Number.isFinite(number) ? number : undefined;
  }
  if (type === 'null') return text === '' || text === 'null' ? null : undefined;
  if (text === 'true') return true;
  return text === 'false' ? false : undefined;
}

/** How many members objects have in a text that is JSON: each has a colon, which else stands in strings only. */
function membersWritten(text: string): number {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1;
}

function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const parts: unknown[] = Object.values(value);
  return parts.reduce<number>((sum, part) => sum + membersOf(part), Array.isArray(value) ? 0 : parts.length);
}

/** How deep JSON text nests at most; brackets within strings count, which only matters for absurd strings. */
function depth(text: string): number {
  let deepest = 0;
  let current = 0;
  for (const character of text) {
    if (character === '[' || character === '{') {
      current += 1;
      deepest = Math.max(deepest, current);
    } else if (character === ']' || character === '}') current -= 1;
  }
  return deepest;
}
