/**
 * One parameter of an operation, compiled so that the authorizer can judge it without a schema library:
 * how its text is read, and what values are allowed.
 */
export interface ParameterRule {
  /** As the document has it; headers in lower case. */
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required?: true;
  /** An empty query value passes whatever the schema says. */
  readonly allowEmpty?: true;
  /** Absent: only presence is judged. */
  readonly reading?: Reading;
  readonly value: ValueRule;
  /** What circular references of `value` name. */
  readonly definitions?: Readonly<Record<string, ValueRule>>;
}

/** How text becomes a value: by style and explode, or as JSON where the document says `content`. */
export type Reading = { readonly style: 'json' } | StyledReading;

export interface StyledReading {
  /** Absent: the place's default, see `styleOf`. */
  readonly style?: Style;
  /** Absent: the style's default. */
  readonly explode?: boolean;
  /** Scalars the whole text may stand for. */
  readonly scalar?: readonly ScalarType[];
  /** Present if the value may be an array: scalars each element may stand for. */
  readonly items?: readonly ScalarType[];
  /** The same for the first elements, by position. */
  readonly prefixItems?: readonly (readonly ScalarType[])[];
  /** Present if the value may be an object: scalars each declared property may stand for. */
  readonly properties?: Readonly<Record<string, readonly ScalarType[]>>;
  /** The same for undeclared properties; absent if they are not allowed. */
  readonly additional?: readonly ScalarType[];
  /** No style says how its properties are written: only names and presence are judged. */
  readonly unread?: true;
}

/** The reading of an object whose properties are parameters of their own names. */
export type SpreadReading = StyledReading & { readonly properties: NonNullable<StyledReading['properties']> };

export type Style =
  | 'simple'
  | 'label'
  | 'matrix'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'deepObject';

/** OpenAPI's defaults are left out of a reading, because the policy is parsed on every cold start. */
export const DEFAULT_STYLES = {
  path: 'simple',
  query: 'form',
  header: 'simple',
  cookie: 'form',
} as const satisfies Record<ParameterRule['in'], Style>;

/** Style and explode of a reading, defaults filled in. */
export function styleOf(
  place: ParameterRule['in'],
  reading: Pick<StyledReading, 'style' | 'explode'>,
): { style: Style; explode: boolean } {
  const style = reading.style ?? DEFAULT_STYLES[place];
  return { style, explode: reading.explode ?? style === 'form' };
}

/** The reading of a rule whose properties are query parameters or cookies of their own names. */
export function spreadReading({ in: place, reading }: ParameterRule): SpreadReading | undefined {
  if ((place !== 'query' && place !== 'cookie') || !reading || reading.style === 'json') return undefined;
  const { style, explode } = styleOf(place, reading);
  const { properties } = reading;
  return style === 'form' && explode && properties ? { ...reading, properties } : undefined;
}

/** The names a parameter comes by: its own, those of its properties, or none where they begin with its own. */
export function sentNames(rule: ParameterRule): readonly string[] {
  if (rule.reading?.style === 'deepObject') return [];
  const spread = spreadReading(rule);
  const named = !spread || spread.scalar || spread.items;
  return [...(named ? [rule.name] : []), ...Object.keys(spread?.properties ?? {})];
}

/** What a piece of text may stand for. Integers are numbers here; the value's rule tells them apart. */
export type ScalarType = 'string' | 'number' | 'boolean' | 'null';

/** A JSON type as schemas name them. */
export type JsonType = 'string' | 'integer' | 'number' | 'boolean' | 'null' | 'array' | 'object';

/**
 * A schema, normalised: references inlined, both dialects' spellings unified, only keywords the authorizer
 * holds with their exact meaning. All that is present must hold; the empty rule holds for anything.
 */
export interface ValueRule {
  /** Nothing satisfies the schema. */
  readonly never?: true;
  readonly type?: readonly JsonType[];
  readonly enum?: readonly unknown[];

  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: PatternRule;
  readonly format?: FormatName;

  readonly minimum?: number;
  readonly maximum?: number;
  readonly above?: number;
  readonly below?: number;
  readonly multipleOf?: number;

  readonly items?: ValueRule;
  readonly prefixItems?: readonly ValueRule[];
  readonly contains?: ContainsRule;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: true;

  readonly properties?: Readonly<Record<string, ValueRule>>;
  /** Holds for properties that `properties` does not declare. */
  readonly additional?: ValueRule;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly maxProperties?: number;

  readonly all?: readonly ValueRule[];
  readonly any?: readonly ValueRule[];
  readonly one?: readonly ValueRule[];
  readonly not?: ValueRule;
  readonly choice?: { readonly if: ValueRule; readonly then?: ValueRule; readonly else?: ValueRule };

  /** A key of the parameter's `definitions`. */
  readonly ref?: string;
}

export interface ContainsRule {
  readonly value: ValueRule;
  readonly minimum: number;
  readonly maximum?: number;
}

/** A regular expression that takes no catastrophic time: proven at synthesis, or run as a program. */
export interface PatternRule {
  readonly source: string;
  /** `u`, or nothing where the source is valid without it only. */
  readonly flags: '' | 'u';
  /** Present if the source could not be proven: run instead of it, in time linear in the text. */
  readonly program?: readonly PatternStep[];
}

/**
 * A step of an automaton that follows all alternatives at once. Without another word, the next step follows.
 */
export type PatternStep =
  /** Takes one character that matches, in the syntax of regular expressions. */
  | readonly ['take', string]
  | readonly ['fork', number, number]
  | readonly ['goto', number]
  /** Goes on only here: at the start, at the end, at a word's edge, or not at one. */
  | readonly ['at', PatternPosition]
  | readonly ['match'];

export type PatternPosition = 'start' | 'end' | 'edge' | 'inside';

/** Formats that are held. */
export const FORMATS = [
  'date',
  'time',
  'date-time',
  'uuid',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'byte',
  'int32',
  'int64',
] as const;

export type FormatName = (typeof FORMATS)[number];
