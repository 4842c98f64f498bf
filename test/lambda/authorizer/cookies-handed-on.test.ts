import { compile } from '../../definition/parameters/document';
import type { EventOptions } from './event';
import { signingKey, token } from './tokens';
import { authorizer, bearer, CLAIMS, jwtVerifier, operation } from './under-test';

const KEY = signingKey('ES256', 'one');
const TOKEN = token(KEY, CLAIMS);

const encoded = (text: string) => [...text].map((each) => `%${each.charCodeAt(0).toString(16)}`).join('');

describe('on an operation with cookies, an authorizer', () => {
  const verifiers = { customer: jwtVerifier([KEY]) };
  const request = (options: EventOptions = {}): EventOptions => ({
    ...bearer(TOKEN),
    ...options,
    headers: { ...bearer(TOKEN).headers, ...options.headers },
  });
  const { call } = authorizer(verifiers, {
    'GET /orders': operation({
      parameters: [
        { name: 'session', in: 'cookie', value: {} },
        { name: 'theme', in: 'cookie', value: {} },
      ],
    }),
  });
  const cookies = async (...lines: string[]) => (await call(request({ headers: { Cookie: lines } }))).context;

  test.each([
    [['session=1; other=2; theme=dark'], 'session=1; theme=dark'],
    [['other=2; theme=dark', 'session=1'], 'session=1; theme=dark'],
    [['session="a b"'], 'session="a b"'],
    [['session=a,b; theme={"a":"b"}'], 'session=a,b; theme={"a":"b"}'],
    [['Session=1; sessions=2; xsession=3'], '-'],
    [['other=session=1'], '-'],
    [[''], '-'],
  ])('hands on the declared ones of %j as %j', async (lines, expected) => {
    expect((await cookies(...lines)).cookies).toBe(expected);
  });

  test('hands on those of an exploded object, each once, and not the one of its name', async () => {
    const { rules } = compile([
      {
        name: 'p',
        in: 'cookie',
        schema: { type: 'object', properties: { page: { type: 'integer' }, session: { type: 'string' } } },
      },
      { name: 'session', in: 'cookie', schema: { type: 'string' } },
      { name: 'o', in: 'cookie', schema: { type: ['object', 'null'], properties: { dir: {} } } },
      { name: 'nameless', in: 'cookie', schema: { type: 'object' } },
    ]);
    const exploded = authorizer(verifiers, { 'GET /orders': operation({ parameters: rules }) });
    const handedOn = async (line: string) =>
      (await exploded.call(request({ headers: { Cookie: line } }))).context;

    const { cookies, code } = await handedOn('p=1; session=s; _ga=2; page=3; dir=up; o=; nameless=4');
    expect({ cookies, code }).toEqual({ cookies: 'page=3; session=s; o=; dir=up', code: '-' });
    expect((await handedOn('_ga=2; p=1')).cookies).toBe('-');
    expect((await handedOn(`session=s; page=3; dir=${TOKEN}`)).detail).toBe('cookie: MISPLACED_CREDENTIAL');
    expect((await handedOn('page=x')).detail).toBe('cookie p: MALFORMED_PARAMETER');
  });

  test('hands on none where there are none', async () => {
    expect((await call(request())).context.cookies).toBe('-');
  });

  test.each([
    ['as many as there may be', `session=${'a'.repeat(2_040)}`, '-'],
    ['too many', `session=${'a'.repeat(2_041)}`, 'header cookie: MALFORMED_PARAMETER'],
    ['characters no header has', 'session=\u00e4', 'header cookie: MALFORMED_PARAMETER'],
    ['a cookie more after a space', 'session=1 admin=1', 'cookie session: MALFORMED_PARAMETER'],
    ['a cookie more after quotes', 'session="1" admin=1', 'cookie session: MALFORMED_PARAMETER'],
    ['a quote that hides a cookie', 'session="1; theme=2"', 'cookie session: MALFORMED_PARAMETER'],
    ['a quote that is escaped', 'session="1\\"', 'cookie session: MALFORMED_PARAMETER'],
    ['the credential', `session=${TOKEN}`, 'cookie: MISPLACED_CREDENTIAL'],
    ['the credential, encoded', `theme=${encoded(TOKEN)}`, 'cookie: MISPLACED_CREDENTIAL'],
  ])('refuses %s', async (_, line, detail) => {
    expect((await cookies(line)).detail).toBe(detail);
  });

  test('only counts what services read differently, where the contract is only observed', async () => {
    const policy = operation({
      parameters: [{ name: 'session', in: 'cookie', value: {} }],
      contract: 'observe',
    });
    const observed = authorizer(verifiers, { 'GET /orders': policy });
    const { context } = await observed.call(request({ headers: { Cookie: 'session=1 admin=1' } }));

    expect(context).toMatchObject({ cookies: 'session=1 admin=1', code: '-' });
  });

  test('hands on no cookie that nobody declared', async () => {
    const { call } = authorizer(verifiers, { 'GET /orders': operation() });

    expect((await call(request({ headers: { Cookie: 'session=1' } }))).context.cookies).toBe('-');
  });
});
