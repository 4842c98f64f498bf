import {
  judgeParameters,
  type ParameterRequest,
  prepareParameters,
} from '../../../lambda/authorizer/parameters';
import { compile } from '../../definition/parameters/document';

const EMPTY: ParameterRequest = { pathParameters: {}, query: {}, headers: {} };

const SCALAR = { type: 'string', const: 'blue' };
const ARRAY = { type: 'array', items: { type: 'string' }, const: ['blue', 'black', 'brown'] };
const OBJECT = {
  type: 'object',
  properties: { R: { type: 'integer' }, G: { type: 'integer' }, B: { type: 'integer' } },
  required: ['R', 'G', 'B'],
  additionalProperties: false,
  const: { R: 100, G: 200, B: 150 },
};

function judge(parameter: object, request: Partial<ParameterRequest>) {
  const { rules, findings, problems } = compile([{ name: 'color', required: true, ...parameter }]);
  const gaps = findings.filter(({ severity }) => severity !== 'info');
  expect({ gaps, problems }).toEqual({ gaps: [], problems: [] });
  return judgeParameters(prepareParameters(rules), { ...EMPTY, ...request })?.reason;
}

// the table "Style Examples" of OpenAPI 3.1.1, section 4.8.12.4; queries as an event has them
describe('style', () => {
  test.each([
    ['simple', false, SCALAR, 'blue'],
    ['simple', true, SCALAR, 'blue'],
    ['simple', false, ARRAY, 'blue,black,brown'],
    ['simple', true, ARRAY, 'blue,black,brown'],
    ['simple', false, OBJECT, 'R,100,G,200,B,150'],
    ['simple', true, OBJECT, 'R=100,G=200,B=150'],
    ['label', false, SCALAR, '.blue'],
    ['label', true, SCALAR, '.blue'],
    ['label', false, ARRAY, '.blue,black,brown'],
    ['label', false, ARRAY, '.blue.black.brown'],
    ['label', true, ARRAY, '.blue.black.brown'],
    ['label', false, OBJECT, '.R,100,G,200,B,150'],
    ['label', false, OBJECT, '.R.100.G.200.B.150'],
    ['label', true, OBJECT, '.R=100.G=200.B=150'],
    ['matrix', false, SCALAR, ';color=blue'],
    ['matrix', true, SCALAR, ';color=blue'],
    ['matrix', false, ARRAY, ';color=blue,black,brown'],
    ['matrix', true, ARRAY, ';color=blue;color=black;color=brown'],
    ['matrix', false, OBJECT, ';color=R,100,G,200,B,150'],
    ['matrix', true, OBJECT, ';R=100;G=200;B=150'],
  ])('%s in a path, explode %s, reads %j', (style, explode, schema, text) => {
    const parameter = { in: 'path', style, explode, schema };

    expect(judge(parameter, { pathParameters: { color: text } })).toBeUndefined();
    expect(judge(parameter, { pathParameters: { color: encodeURIComponent('blue,black') } })).toBeDefined();
    expect(judge(parameter, { pathParameters: { color: `${text}x` } })).toBeDefined();
  });

  test.each([
    ['form', false, SCALAR, { color: ['blue'] }],
    ['form', true, SCALAR, { color: ['blue'] }],
    ['form', false, ARRAY, { color: ['blue,black,brown'] }],
    ['form', true, ARRAY, { color: ['blue', 'black', 'brown'] }],
    ['form', false, OBJECT, { color: ['R,100,G,200,B,150'] }],
    ['form', true, OBJECT, { R: ['100'], G: ['200'], B: ['150'] }],
    ['spaceDelimited', false, ARRAY, { color: ['blue black brown'] }],
    ['spaceDelimited', false, OBJECT, { color: ['R 100 G 200 B 150'] }],
    ['pipeDelimited', false, ARRAY, { color: ['blue|black|brown'] }],
    ['pipeDelimited', false, OBJECT, { color: ['R|100|G|200|B|150'] }],
    ['deepObject', true, OBJECT, { 'color[R]': ['100'], 'color[G]': ['200'], 'color[B]': ['150'] }],
  ])('%s in a query, explode %s, reads %j', (style, explode, schema, query) => {
    const parameter = { in: 'query', style, explode, schema };
    const [first = ''] = Object.keys(query);

    expect(judge(parameter, { query })).toBeUndefined();
    expect(judge(parameter, { query: { ...query, [first]: ['pink'] } })).toBeDefined();
    expect(judge(parameter, { query: {} })).toBe('MISSING');
  });

  test.each([
    [false, SCALAR, 'blue'],
    [false, ARRAY, 'blue,black,brown'],
    [false, ARRAY, 'blue, black,  brown'],
    [false, OBJECT, 'R,100,G,200,B,150'],
    [true, OBJECT, 'R=100,G=200,B=150'],
  ])('simple in a header, explode %s, reads %j', (explode, schema, text) => {
    const parameter = { in: 'header', explode, schema };

    expect(judge(parameter, { headers: { color: [text] } })).toBeUndefined();
    expect(judge(parameter, { headers: { color: [`${text}x`] } })).toBeDefined();
  });

  test.each([
    [true, SCALAR, 'blue'],
    [false, SCALAR, 'blue'],
    [false, ARRAY, 'blue,black,brown'],
    [false, OBJECT, 'R,100,G,200,B,150'],
  ])('form in a cookie, explode %s, reads %j', (explode, schema, text) => {
    const parameter = { in: 'cookie', explode, schema };

    expect(judge(parameter, { headers: { cookie: [`a=1; color=${text}; b=2`] } })).toBeUndefined();
    expect(judge(parameter, { headers: { cookie: [`color=${text}x`] } })).toBeDefined();
    expect(judge(parameter, { headers: { cookie: ['xcolor=blue'] } })).toBe('MISSING');
  });

  test('form in a cookie, exploded, reads one cookie for each element', () => {
    const items = { type: 'string', enum: ['blue', 'dark red'] };
    const parameter = { in: 'cookie', required: true, schema: { type: 'array', maxItems: 2, items } };
    const sent = (...cookie: string[]) => judge(parameter, { headers: { cookie } });

    expect(sent('color=blue; a=1; color=dark%20red')).toBeUndefined();
    expect(sent('color=blue', 'color=blue')).toBeUndefined();
    expect(sent('color=blue; color=green')).toBe('INVALID');
    expect(sent('color=blue; color=blue; color=blue')).toBe('INVALID');
    // a service gets this as one cookie
    expect(sent('color=blue&color=blue')).toBe('INVALID');
    expect(sent('color=blue,blue')).toBe('INVALID');
    expect(sent('a=1')).toBe('MISSING');
  });

  test('form in a cookie, exploded, reads one cookie for each property', () => {
    const parameter = { in: 'cookie', schema: OBJECT };
    const sent = (...cookie: string[]) => judge(parameter, { headers: { cookie } });

    expect(sent('a=1; R=100; G=200; B=150; color=blue')).toBeUndefined();
    expect(sent('R=100; G=200', 'B=%31%35%30')).toBeUndefined();
    expect(sent('R=100; G=200; B=151')).toBe('INVALID');
    expect(sent('R=100; G=200; B=blue')).toBe('MALFORMED');
    expect(sent('R=100; G=200')).toBe('INVALID');
    expect(sent('R=100; G=200; B=150; B=150')).toBe('REPEATED');
    expect(sent('color=R,100,G,200,B,150')).toBe('MISSING');
    expect(sent('r=100; g=200; b=150')).toBe('MISSING');
    expect(sent()).toBe('MISSING');
  });

  test('joins an object’s header that came in several lines', () => {
    const parameter = { in: 'header', schema: OBJECT };

    expect(judge(parameter, { headers: { color: ['R,100', 'G,200,B,150'] } })).toBeUndefined();
    expect(judge(parameter, { headers: { color: ['R,100', 'G'] } })).toBe('MALFORMED');
  });

  test('joins a list header that came in several lines', () => {
    const parameter = { in: 'header', schema: ARRAY };

    expect(judge(parameter, { headers: { color: ['blue', 'black,brown'] } })).toBeUndefined();
  });
});
