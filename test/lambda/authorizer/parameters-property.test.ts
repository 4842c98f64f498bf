import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { judgeParameters, prepareParameters } from '../../../lambda/authorizer/parameters';
import { compile } from '../../definition/parameters/document';
import fc from '../../fixtures/property';

type Schema = Record<string, unknown> | boolean;

const ajv = addFormats(
  new Ajv2020({ strict: false, multipleOfPrecision: 9, ownProperties: true, logger: false }),
);

const word = fc.constantFrom(
  '',
  'a',
  'b',
  'abc',
  'Ünï',
  '😀😀',
  '1',
  '12',
  '-3',
  '0.5',
  '007',
  '1e2',
  'true',
  'null',
  '2024-02-29',
);
const scalar = fc.oneof(word, fc.integer({ min: -9, max: 99 }), fc.boolean(), fc.constant(null));

function some(keywords: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(keywords, { requiredKeys: [] });
}

const length = fc.nat({ max: 4 });
const text = some({
  minLength: length,
  maxLength: length,
  pattern: fc.constantFrom('^[a-z]+$', '^\\d{1,3}$', 'b', '^\\p{L}*$'),
  format: fc.constantFrom('date', 'uuid', 'ipv4', 'email'),
});
const number = some({
  minimum: fc.integer({ min: -5, max: 5 }),
  maximum: fc.integer({ min: 0, max: 50 }),
  exclusiveMinimum: fc.integer({ min: -5, max: 5 }),
  exclusiveMaximum: fc.integer({ min: 0, max: 50 }),
  multipleOf: fc.constantFrom(1, 2, 0.5, 0.1),
});
const type = fc.constantFrom<unknown>(
  'string',
  'integer',
  'number',
  'boolean',
  ['string', 'null'],
  ['integer', 'null'],
);

const scalarSchema: fc.Arbitrary<Schema> = fc.letrec<{ leaf: Schema; node: Schema }>((tie) => ({
  leaf: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(some({ type }), text, number).map((parts) => Object.assign({}, ...parts)),
    },
    {
      weight: 1,
      arbitrary: fc.array(scalar, { minLength: 1, maxLength: 4 }).map((values) => ({ enum: values })),
    },
    { weight: 1, arbitrary: scalar.map((value) => ({ const: value })) },
    { weight: 1, arbitrary: fc.boolean() },
  ),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((allOf) => ({ allOf })),
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((oneOf) => ({ oneOf })),
    tie('node').map((not) => ({ not })),
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    fc.tuple(tie('node'), tie('node'), tie('node')).map(([a, b, c]) => ({ if: a, then: b, else: c })),
  ),
})).node;

const arraySchema: fc.Arbitrary<Schema> = fc
  .tuple(
    fc.record(
      {
        type: fc.constant('array'),
        items: scalarSchema,
        prefixItems: fc.array(scalarSchema, { minLength: 1, maxLength: 2 }),
        // wrapped, because the validator takes `contains: false` for no rule on an empty array
        contains: scalarSchema.map((part) => ({ allOf: [part] })),
        minItems: length,
        maxItems: length,
        uniqueItems: fc.boolean(),
      },
      { requiredKeys: ['type'] },
    ),
    some({ enum: fc.array(fc.array(scalar, { maxLength: 2 }), { minLength: 1, maxLength: 2 }) }),
  )
  .map((parts) => Object.assign({}, ...parts));

// the validator leaves out a property named __proto__, so that one has a test of its own
const name = fc.constantFrom('a', 'b', 'c', 'constructor');
const objectSchema: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    type: fc.constant('object'),
    properties: fc.dictionary(name, scalarSchema, { maxKeys: 3 }),
    additionalProperties: scalarSchema,
    required: fc.uniqueArray(name, { maxLength: 2 }),
    minProperties: length,
    maxProperties: length,
  },
  { requiredKeys: ['type'] },
);

const cookieSchema: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  { weight: 2, arbitrary: objectSchema },
  fc
    .array(objectSchema, { minLength: 1, maxLength: 3 })
    .chain((parts) =>
      fc.constantFrom('allOf', 'anyOf', 'oneOf').map((key) => ({ type: 'object', [key]: parts })),
    ),
);

/** Every property a schema has a word for. */
function namesOf(schema: Record<string, unknown>): string[] {
  const parts = [schema['allOf'], schema['anyOf'], schema['oneOf']].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return [...Object.keys(schema['properties'] ?? {}), ...required, ...parts.flatMap(namesOf)];
}

/** Everything a text may stand for, seen without any knowledge of the schema. */
function readings(text: string): unknown[] {
  const isNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text);
  return [
    text,
    ...(isNumber ? [Number(text)] : []),
    ...(text === 'true' || text === 'false' ? [text === 'true'] : []),
    ...(text === '' || text === 'null' ? [null] : []),
  ];
}

function product(texts: readonly string[]): unknown[][] {
  const [first, ...rest] = texts;
  if (first === undefined) return [[]];
  return product(rest).flatMap((tail) => readings(first).map((head) => [head, ...tail]));
}

function objects(entries: readonly (readonly [string, string])[]): object[] {
  return product(entries.map(([, value]) => value)).map((values) =>
    Object.fromEntries(values.map((value, index) => [entries[index]?.[0] ?? '', value])),
  );
}

const texts = fc.array(word, { minLength: 1, maxLength: 3 });
const entries = fc.uniqueArray(fc.tuple(name, word), { selector: ([key]) => key, maxLength: 3 });

/** Judges as the authorizer does; `weaker` if the compiler said that it holds less than the schema. */
function judge(parameter: object, query: Record<string, string[]>, cookie: string[] = []) {
  const { rules, findings, problems } = compile([{ name: 'p', in: 'query', required: true, ...parameter }]);
  expect(problems).toEqual([]);
  const request = { pathParameters: {}, query, headers: { cookie } };
  const violation = judgeParameters(prepareParameters(rules), request);
  // that other cookies do not reach the service says nothing of those that do
  const gaps = findings.filter(
    ({ code, message }) => code === 'NOT_ENFORCED' && !message.includes('does not name'),
  );
  return { accepted: violation === undefined, weaker: gaps.length > 0 };
}

function expectAgreement(
  schema: Schema,
  values: readonly unknown[],
  found: { accepted: boolean; weaker: boolean },
) {
  const validate = ajv.compile(schema);
  const valid = values.some((value) => validate(value));
  if (found.weaker) expect(found.accepted || !valid).toBe(true);
  else expect(found.accepted).toBe(valid);
}

const RUNS = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 100) };

describe('judgeParameters, beside a schema validator,', () => {
  test('accepts the same scalars', () => {
    fc.assert(
      fc.property(scalarSchema, word, (schema, text) => {
        const found = judge(
          { schema: { allOf: [schema, { type: ['string', 'number', 'boolean', 'null'] }] } },
          { p: [text] },
        );
        expectAgreement(schema, readings(text), found);
      }),
      RUNS,
    );
  });

  test('accepts the same arrays, exploded', () => {
    fc.assert(
      fc.property(arraySchema, texts, (schema, p) => {
        expectAgreement(schema, product(p), judge({ schema }, { p }));
      }),
      RUNS,
    );
  });

  test('accepts the same arrays, delimited', () => {
    fc.assert(
      fc.property(arraySchema, texts, (schema, p) => {
        const joined = p.join('|');
        const values = [...product(joined.split('|')), ...(joined === '' ? [[]] : [])];
        expectAgreement(schema, values, judge({ schema, style: 'pipeDelimited' }, { p: [joined] }));
      }),
      RUNS,
    );
  });

  test('accepts the same deep objects', () => {
    fc.assert(
      fc.property(objectSchema, entries, (schema, members) => {
        fc.pre(members.length > 0);
        const query = Object.fromEntries(members.map(([key, value]) => [`p[${key}]`, [value]]));
        expectAgreement(schema, objects(members), judge({ schema, style: 'deepObject' }, query));
      }),
      RUNS,
    );
  });

  test('accepts the same exploded objects in cookies, of which it sees the names the schema has', () => {
    const stray = fc.constantFrom('d', 'constructor', '_ga');
    const cookies = fc.uniqueArray(fc.tuple(fc.oneof(name, stray), word), {
      selector: ([key]) => key,
      maxLength: 4,
    });
    fc.assert(
      fc.property(cookieSchema, cookies, (schema, sent) => {
        const named = sent.filter(([key]) => namesOf(schema).includes(key));
        fc.pre(named.length > 0);
        const cookie = sent.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('; ');
        expectAgreement(schema, objects(named), judge({ schema, in: 'cookie' }, {}, [cookie]));
      }),
      RUNS,
    );
  });

  test('accepts the same JSON', () => {
    fc.assert(
      fc.property(
        fc.oneof(objectSchema, arraySchema, scalarSchema),
        fc.jsonValue({ maxDepth: 2 }),
        (schema, value) => {
          const content = { 'application/json': { schema } };
          expectAgreement(schema, [value], judge({ content }, { p: [JSON.stringify(value)] }));
        },
      ),
      RUNS,
    );
  });
});
