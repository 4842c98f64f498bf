import type { JsonType, ValueRule } from '../../protocol/parameter-rules';
import { FORMATS } from '../../protocol/parameter-rules';
import type { Sourced } from '../source';
import { compilePattern } from './compile-pattern';
import type { ValueCompiler } from './value-compiler';

/** One keyword of one schema. */
export interface KeywordUse {
  readonly compiler: ValueCompiler;
  readonly schema: Readonly<Record<string, unknown>>;
  /** The schema. */
  readonly node: Sourced;
  /** The keyword's value. */
  readonly keyword: Sourced;
}

/** Answers members of a rule. */
type Keyword = (use: KeywordUse) => ValueRule;

const JSON_TYPES: readonly JsonType[] = ['string', 'integer', 'number', 'boolean', 'null', 'array', 'object'];

/** Formats that ask nothing of a value beyond its type, as far as text goes: a number beyond a double is refused anyway. */
const FREE_FORMATS: ReadonlySet<string> = new Set(['double', 'password', 'binary']);

/** Largest number of single precision (IEEE 754 binary32). */
const LARGEST_FLOAT = (2 - 2 ** -23) * 2 ** 127;

/** Keywords that constrain nothing. */
export const ANNOTATIONS: ReadonlySet<string> = new Set([
  ...['title', 'description', 'default', 'example', 'examples', 'deprecated', 'readOnly', 'writeOnly'],
  ...['xml', 'externalDocs', 'discriminator', 'nullable', '$comment', '$id', '$schema', '$anchor', '$defs'],
  ...['contentEncoding', 'contentMediaType', 'contentSchema', 'minContains', 'maxContains', 'then', 'else'],
]);

/** Every keyword that is enforced. Both dialects' spellings are taken wherever they do not clash. */
export const KEYWORDS: Readonly<Record<string, Keyword>> = {
  type: compileType,
  enum: ({ keyword, compiler }) => {
    if (Array.isArray(keyword.value)) return { enum: keyword.value };
    compiler.invalid(keyword, "'enum' must be a list");
    return {};
  },
  const: ({ keyword }) => ({ enum: [keyword.value] }),

  minLength: (use) => ({ minLength: count(use) }),
  maxLength: (use) => ({ maxLength: count(use) }),
  pattern: compilePattern,
  format: compileFormat,

  minimum: (use) =>
    use.schema['exclusiveMinimum'] === true ? { above: number(use) } : { minimum: number(use) },
  maximum: (use) =>
    use.schema['exclusiveMaximum'] === true ? { below: number(use) } : { maximum: number(use) },
  exclusiveMinimum: (use) => (typeof use.keyword.value === 'boolean' ? {} : { above: number(use) }),
  exclusiveMaximum: (use) => (typeof use.keyword.value === 'boolean' ? {} : { below: number(use) }),
  multipleOf: (use) => {
    const divisor = number(use);
    if (divisor === undefined || divisor > 0) return { multipleOf: divisor };
    use.compiler.invalid(use.keyword, "'multipleOf' must be greater than 0");
    return {};
  },

  items: (use) => {
    if (Array.isArray(use.keyword.value)) return notEnforced(use, "write 'prefixItems'");
    return { items: use.compiler.compilePart(use.keyword) };
  },
  prefixItems: (use) => ({ prefixItems: list(use, (part) => use.compiler.compilePart(part)) }),
  contains: compileContains,
  minItems: (use) => ({ minItems: count(use) }),
  maxItems: (use) => ({ maxItems: count(use) }),
  uniqueItems: ({ keyword }) => (keyword.value === true ? { uniqueItems: true } : {}),

  properties: (use) => ({ properties: record(use, (part) => use.compiler.compilePart(part)) }),
  additionalProperties: (use) => {
    // what counts as additional depends on it, and it is not enforced
    if (Object.hasOwn(use.schema, 'patternProperties')) return notEnforced(use, "use 'properties' only");
    return { additional: use.compiler.compilePart(use.keyword) };
  },
  required: ({ keyword, compiler }) => {
    const names: unknown[] = Array.isArray(keyword.value) ? keyword.value : [undefined];
    if (names.every((name) => typeof name === 'string')) return { required: names };
    compiler.invalid(keyword, "'required' of a schema must be a list of names");
    return {};
  },
  minProperties: (use) => ({ minProperties: count(use) }),
  maxProperties: (use) => ({ maxProperties: count(use) }),

  allOf: (use) => ({ all: list(use, (part) => use.compiler.compile(part)) }),
  anyOf: (use) => ({ any: list(use, (part) => use.compiler.compile(part)) }),
  oneOf: (use) => {
    const { compiler } = use;
    let all: ValueRule[] | undefined;
    const exact = compiler.exactly(() => {
      all = list(use, (part) => compiler.compile(part));
      return all;
    });
    if (exact) return { one: exact };
    // one that is weaker than stated may hold beside another, so only "at least one" can be said
    compiler.weaken(use.keyword, "uses 'oneOf', which is enforced as 'anyOf' here", 'see the finding before');
    return { any: all };
  },
  not: (use) => {
    const exact = use.compiler.exactly(() => use.compiler.compile(use.keyword));
    return exact ? { not: exact } : notEnforced(use, 'see the finding before');
  },
  if: compileChoice,
};

function compileType({ keyword, schema, compiler }: KeywordUse): ValueRule {
  const stated: unknown[] = Array.isArray(keyword.value) ? keyword.value : [keyword.value];
  if (!stated.every(isJsonType)) {
    compiler.invalid(keyword, `'type' must be one of ${JSON_TYPES.join(', ')}`);
    return {};
  }
  const nullable = compiler.context.dialect === '3.0' && schema['nullable'] === true;
  return { type: nullable && !stated.includes('null') ? [...stated, 'null'] : stated };
}

function compileFormat(use: KeywordUse): ValueRule {
  const { value } = use.keyword;
  if (typeof value === 'string' && FREE_FORMATS.has(value)) return {};
  if (value === 'float') return { minimum: -LARGEST_FLOAT, maximum: LARGEST_FLOAT };
  const format = FORMATS.find((each) => each === value);
  if (format) return { format };

  use.compiler.weaken(
    use.keyword,
    `has format ${JSON.stringify(value)}, which is not enforced`,
    "add a 'pattern'",
  );
  return {};
}

function compileContains(use: KeywordUse): ValueRule {
  const { compiler, schema } = use;
  const exact = compiler.exactly(() => compiler.compilePart(use.keyword));
  const minimum = typeof schema['minContains'] === 'number' ? schema['minContains'] : 1;
  const maximum = typeof schema['maxContains'] === 'number' ? schema['maxContains'] : undefined;
  if (!exact) return notEnforced(use, 'see the finding before');
  return { contains: { value: exact, minimum, ...(maximum === undefined ? {} : { maximum }) } };
}

function compileChoice(use: KeywordUse): ValueRule {
  const { compiler, schema, node } = use;
  const { source } = compiler.context;
  const condition = compiler.exactly(() => compiler.compile(use.keyword));
  if (!condition) return notEnforced(use, 'see the finding before');

  const branch = (key: 'then' | 'else') =>
    Object.hasOwn(schema, key) ? { [key]: compiler.compile(source.child(node, key)) } : {};
  return { choice: { if: condition, ...branch('then'), ...branch('else') } };
}

function notEnforced(use: KeywordUse, remedy: string): ValueRule {
  const keyword = use.keyword.pointer.slice(use.keyword.pointer.lastIndexOf('/') + 1);
  use.compiler.weaken(use.keyword, `uses '${keyword}', which is not enforced here`, remedy);
  return {};
}

function count(use: KeywordUse): number | undefined {
  const { value } = use.keyword;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  use.compiler.invalid(
    use.keyword,
    `a length must be a whole number of at least 0, got ${JSON.stringify(value)}`,
  );
  return undefined;
}

function number(use: KeywordUse): number | undefined {
  const { value } = use.keyword;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  use.compiler.invalid(use.keyword, `a bound must be a number, got ${JSON.stringify(value)}`);
  return undefined;
}

function list(use: KeywordUse, compile: (part: Sourced) => ValueRule): ValueRule[] | undefined {
  const { value } = use.keyword;
  if (Array.isArray(value)) {
    return value.map((_, index) => compile(use.compiler.context.source.child(use.keyword, index)));
  }
  use.compiler.invalid(use.keyword, 'a combination must be a list of schemas');
  return undefined;
}

function record(use: KeywordUse, compile: (part: Sourced) => ValueRule) {
  const { value } = use.keyword;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const { source } = use.compiler.context;
    return Object.fromEntries(
      Object.keys(value).map((name) => [name, compile(source.child(use.keyword, name))]),
    );
  }
  use.compiler.invalid(use.keyword, "'properties' must be an object");
  return undefined;
}

function isJsonType(value: unknown): value is JsonType {
  return JSON_TYPES.some((type) => type === value);
}
