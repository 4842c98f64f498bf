import { compile } from './document';

describe('compileParameters, of exploded cookies,', () => {
  test('reads an array as one cookie for each element, and says so', () => {
    const { rules, findings } = compile([
      { name: 'p', in: 'cookie', schema: { type: 'array', minItems: 1, items: { type: 'integer' } } },
    ]);

    expect(rules).toEqual([
      {
        name: 'p',
        in: 'cookie',
        reading: { items: ['number'] },
        value: { type: ['array'], minItems: 1, items: { type: ['integer'] } },
      },
    ]);
    expect(findings).toMatchObject([{ code: 'COOKIE_LIST', severity: 'info' }]);
  });

  test('leaves an array in one cookie alone', () => {
    const schema = { type: 'array', items: { type: 'integer' } };

    expect(codes(compile([{ name: 'p', in: 'cookie', explode: false, schema }]))).toEqual([]);
  });

  const cookie = (schema: unknown, dialect?: '3.0' | '3.1') =>
    compile([{ name: 'p', in: 'cookie', required: true, schema }], { dialect });
  const codes = ({ findings }: ReturnType<typeof compile>) => findings.map(({ code }) => code);

  test('reads an object as one cookie for each property, and says so', () => {
    const properties = { a: { type: 'integer' }, b: { type: 'string' } };
    const { rules, findings } = cookie({ type: 'object', properties });

    expect(rules).toEqual([
      {
        name: 'p',
        in: 'cookie',
        required: true,
        reading: { properties: { a: ['number'], b: ['string'] } },
        value: { type: ['object'], properties: { a: { type: ['integer'] }, b: { type: ['string'] } } },
      },
    ]);
    expect(findings).toMatchObject([
      { code: 'COOKIE_OBJECT', severity: 'info', message: expect.stringContaining('of their own: a, b;') },
    ]);
  });

  test.each<[string, object, string[]]>([
    ['properties', { properties: { a: {} }, additionalProperties: false }, ['a']],
    ['demands', { required: ['a'], additionalProperties: false }, ['a']],
    ['demands in allOf', { allOf: [{ required: ['a'] }, { properties: { b: {} } }] }, ['a', 'b']],
    ['demands in some cases', { anyOf: [{ required: ['a'] }, { properties: { b: {} } }] }, ['a', 'b']],
    ['has in one case', { oneOf: [{ properties: { a: {} } }, { required: ['b'] }] }, ['a', 'b']],
    ['excludes', { not: { required: ['a'] } }, ['a']],
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    ['asks about', { if: { required: ['a'] }, then: { required: ['b'] } }, ['a', 'b']],
    ['lists in values', { enum: [{ a: 1 }, { b: 2 }] }, ['a', 'b']],
  ])('knows the cookies of what a schema %s', (_, schema, names) => {
    const { rules } = cookie({ type: 'object', ...schema });
    const { reading } = rules[0] ?? {};

    expect(Object.keys(reading?.style === 'json' ? {} : (reading?.properties ?? {}))).toEqual(names);
  });

  test('knows the cookies of an object that refers to itself', () => {
    const schemas = { Loop: { type: 'object', properties: { a: {}, loop: { $ref: '#/schemas/Loop' } } } };
    const parameter = { name: 'p', in: 'cookie', schema: { $ref: '#/schemas/Loop' } };
    const { rules, findings } = compile([parameter], { schemas });

    expect(rules[0]).toMatchObject({ reading: { properties: { loop: [] }, unread: true }, value: {} });
    expect(findings[0]?.message).toContain('nests arrays or objects');
  });

  test.each<[string, object]>([
    ['has a schema for others', { properties: { a: {} }, additionalProperties: { type: 'integer' } }],
    ['lets others through', { properties: { a: {} }, additionalProperties: true }],
    ['lets others through in a part', { allOf: [{ properties: { a: {} }, additionalProperties: true }] }],
  ])('says that the service gets no other cookies where an object %s', (_, schema) => {
    expect(codes(cookie({ type: 'object', ...schema }))).toEqual(['NOT_ENFORCED', 'COOKIE_OBJECT']);
  });

  test.each<[string, object]>([
    ['leaves open whether there are others', { properties: { a: {} } }],
    ['has no others', { properties: { a: {} }, additionalProperties: false }],
  ])('has nothing to say of others where an object %s', (_, schema) => {
    expect(codes(cookie({ type: 'object', ...schema }))).toEqual(['COOKIE_OBJECT']);
  });

  test('demands nothing of an object without a named property, which nobody could send', () => {
    const { rules, findings } = cookie({ type: 'object', properties: {} });

    expect(rules).toEqual([{ name: 'p', in: 'cookie', reading: { properties: {} }, value: {} }]);
    expect(findings).toMatchObject([{ code: 'NOT_ENFORCED', severity: 'warning' }]);
  });

  test('takes a cookie without a type for one value', () => {
    expect(cookie({}).rules[0]?.reading).toEqual({ scalar: ['string', 'number', 'boolean', 'null'] });
    expect(codes(cookie({}))).toEqual([]);
  });

  test('finds names that no cookie has', () => {
    const named = (name: string) => ({ type: 'object', properties: { [name]: { type: 'string' } } });

    for (const name of ['a b', 'a=b', 'a;b', 'ä', '"a"']) {
      expect(codes(cookie(named(name)))).toContain('COOKIE_NAME');
      expect(codes(compile([{ name, in: 'cookie', schema: { type: 'string' } }]))).toEqual(['COOKIE_NAME']);
    }
    expect(codes(cookie(named('__Host-a.b!')))).toEqual(['COOKIE_OBJECT']);
  });
});

describe('compileParameters, of names two parameters come by,', () => {
  const object = (name: string, place: string, ...names: string[]) => ({
    name,
    in: place,
    schema: {
      type: 'object',
      properties: Object.fromEntries(names.map((each) => [each, { type: 'string' }])),
      additionalProperties: false,
    },
  });
  const one = (name: string, place: string) => ({ name, in: place, schema: { type: 'string' } });
  const shared = (...parameters: unknown[]) =>
    compile(parameters).findings.flatMap(({ code, message }) => (code === 'SHARED_NAME' ? [message] : []));

  test.each(['query', 'cookie'])('says so, in the same place only: %s', (place) => {
    expect(shared(object('p', place, 'a', 'b'), one('a', place))).toEqual([
      `${place} parameters 'p' and 'a' both come as 'a', which must satisfy both`,
    ]);
    expect(shared(object('p', place, 'a'), object('q', place, 'a'))).toHaveLength(1);
    expect(shared(object('p', place, 'a'), one('a', 'header'), one('p', place))).toEqual([]);
  });

  test('tells a query from cookies', () => {
    expect(shared(object('p', 'query', 'a'), one('a', 'cookie'))).toEqual([]);
  });

  test('takes a property called like its own parameter for one', () => {
    const { schema } = object('p', 'query', 'p');

    expect(shared({ name: 'p', in: 'query', schema: { ...schema, type: ['string', 'object'] } })).toEqual([]);
  });
});

describe('compileParameters, of exploded objects that refer to themselves,', () => {
  const finds = (additionalProperties: boolean) => {
    const properties = { a: { type: 'string' }, loop: { $ref: '#/schemas/Loop' } };
    const schemas = { Loop: { type: 'object', properties, additionalProperties } };
    const { findings } = compile([{ name: 'p', in: 'cookie', schema: { $ref: '#/schemas/Loop' } }], {
      schemas,
    });
    return findings.filter(({ message }) => message.includes('does not name')).length;
  };

  test('says that other cookies do not come only where others may', () => {
    expect([finds(true), finds(false)]).toEqual([1, 0]);
  });
});

describe('compileParameters, of reserved headers,', () => {
  test('leaves them to the gateway, and takes what has their name elsewhere', () => {
    const named = (place: string) => compile([{ name: 'X-User-Id', in: place, schema: { type: 'string' } }]);

    expect(named('header')).toMatchObject({ rules: [], findings: [{ code: 'RESERVED_HEADER' }] });
    expect(named('query')).toMatchObject({ rules: [{ name: 'X-User-Id' }], findings: [] });
  });
});
