import type { Caller, Verifier } from '../../../lambda/authorizer/caller';
import { Unauthenticated } from '../../../lambda/authorizer/refused';
import type { SecurityAlternative } from '../../../lib/protocol/policy';
import { signingKey, token } from './tokens';
import { authorizer, CLAIMS, jwtVerifier, operation } from './under-test';

const STAFF_ISSUER = 'https://staff.example.com/';
const CUSTOMER_KEY = signingKey('ES256', 'same-kid');
const STAFF_KEY = signingKey('ES256', 'same-kid');
const CUSTOMER = token(CUSTOMER_KEY, { ...CLAIMS, scope: 'read' });
const STAFF = token(STAFF_KEY, { ...CLAIMS, iss: STAFF_ISSUER, sub: 'bob', scope: 'read admin' });

const SCHEMES = {
  customer: { in: 'authorization' },
  staff: { in: 'authorization' },
  machine: { in: 'header', name: 'x-api-key' },
  partner: { in: 'header', name: 'x-partner-key' },
} as const;

/** Knows keys by heart. */
const keys = (known: Readonly<Record<string, Partial<Caller>>>): Verifier => ({
  verify: ({ text }) => {
    const caller = known[text];
    if (text === 'outage-0123456789') throw new Error('the store is down');
    if (!caller) throw new Unauthenticated('UNKNOWN_KEY');
    return { credentialId: text.slice(0, 4), scopes: [], roles: [], claims: {}, ...caller };
  },
});

function underTest(security: readonly SecurityAlternative[]) {
  return authorizer(
    {
      customer: jwtVerifier([CUSTOMER_KEY]),
      staff: jwtVerifier([STAFF_KEY], { issuer: STAFF_ISSUER }),
      machine: keys({ 'machine-key-0123456789': { userId: 'robot', scopes: ['read'] } }),
      partner: keys({ 'partner-key-0123456789': { clientId: 'acme', tenantId: 'acme', scopes: ['write'] } }),
    },
    { 'GET /orders': operation({ security }) },
    SCHEMES,
  );
}

const TOKEN = (text: string) => ({ Authorization: `Bearer ${text}` });
const MACHINE = { 'X-Api-Key': 'machine-key-0123456789' };
const PARTNER = { 'X-Partner-Key': 'partner-key-0123456789' };
const OUTAGE = { 'X-Api-Key': 'outage-0123456789' };

type Expected = { admits: string } | { denies: string } | { refuses: string } | { fails: true };

describe('alternatives', () => {
  test.each<[string, SecurityAlternative[], Record<string, string>, Expected]>([
    [
      'the first, by its credential',
      [{ customer: [] }, { machine: [] }],
      TOKEN(CUSTOMER),
      { admits: 'alice' },
    ],
    ['the second, by its credential', [{ customer: [] }, { machine: [] }], MACHINE, { admits: 'robot' }],
    ['none, by the credential of another scheme', [{ customer: [] }], MACHINE, { refuses: 'NO_CREDENTIAL' }],
    [
      'none, where one credential of two is missing: the other is not even looked at',
      [{ machine: [], partner: [] }],
      OUTAGE,
      { refuses: 'NO_CREDENTIAL' },
    ],
    ['one issuer of two', [{ customer: [] }, { staff: [] }], TOKEN(STAFF), { admits: 'bob' }],
    ['the other issuer of two', [{ staff: [] }, { customer: [] }], TOKEN(CUSTOMER), { admits: 'alice' }],
    ['no issuer that is not named', [{ customer: [] }], TOKEN(STAFF), { refuses: 'UNKNOWN_ISSUER' }],
    [
      'with more scopes, the second',
      [{ customer: ['admin'] }, { staff: ['admin'] }],
      TOKEN(STAFF),
      { admits: 'bob' },
    ],
    [
      'with too few scopes, none',
      [{ customer: ['admin'] }, { staff: ['admin'] }],
      TOKEN(CUSTOMER),
      { denies: 'MISSING_SCOPE' },
    ],
    [
      'one scheme twice, by either scope',
      [{ customer: ['admin'] }, { customer: ['read'] }],
      TOKEN(CUSTOMER),
      { admits: 'alice' },
    ],
    [
      'a good credential beside a bad one',
      [{ customer: [] }, { machine: [] }],
      { ...TOKEN('bad'), ...MACHINE },
      { admits: 'robot' },
    ],
    [
      '403 rather than 401',
      [{ customer: ['admin'] }, { machine: [] }],
      { ...TOKEN(CUSTOMER), 'X-Api-Key': 'bad' },
      { denies: 'MISSING_SCOPE' },
    ],
    [
      'both of two that are asked for',
      [{ machine: [], partner: [] }],
      { ...MACHINE, ...PARTNER },
      { admits: 'robot' },
    ],
    [
      'not one of two that are asked for',
      [{ machine: [], partner: [] }],
      MACHINE,
      { refuses: 'NO_CREDENTIAL' },
    ],
    [
      'not the scope of the one by the other',
      [{ machine: ['write'], partner: [] }],
      { ...MACHINE, ...PARTNER },
      { denies: 'MISSING_SCOPE' },
    ],
    [
      'neither of two keys, where one is asked for',
      [{ machine: [] }, { partner: [] }],
      { ...MACHINE, ...PARTNER },
      { refuses: 'AMBIGUOUS_CREDENTIAL' },
    ],
    [
      'one key in two headers',
      [{ machine: [] }, { partner: [] }],
      { ...MACHINE, 'X-Partner-Key': MACHINE['X-Api-Key'] },
      { admits: 'robot' },
    ],
    ['one key, where either is asked for', [{ machine: [] }, { partner: [] }], MACHINE, { admits: 'robot' }],
    [
      'two keys, where one alternative asks for both and another for neither',
      [{ customer: [] }, { machine: [], partner: [] }],
      { ...MACHINE, ...PARTNER },
      { admits: 'robot' },
    ],
    [
      '403 rather than a failure of ours',
      [{ customer: ['admin'] }, { machine: [] }],
      { ...TOKEN(CUSTOMER), ...OUTAGE },
      { denies: 'MISSING_SCOPE' },
    ],
    [
      '403 rather than a failure of ours, in any order',
      [{ machine: [] }, { customer: ['admin'] }],
      { ...TOKEN(CUSTOMER), ...OUTAGE },
      { denies: 'MISSING_SCOPE' },
    ],
    [
      'the store is down, and another credential is good',
      [{ machine: [] }, { customer: [] }],
      { ...OUTAGE, ...TOKEN(CUSTOMER) },
      { admits: 'alice' },
    ],
    [
      'the store is down, and another credential is bad',
      [{ machine: [] }, { customer: [] }],
      { ...OUTAGE, ...TOKEN('bad') },
      { fails: true },
    ],
    ['the store is down, and nothing else', [{ machine: [] }, { customer: [] }], OUTAGE, { fails: true }],
  ])('admit %s', async (_, security, headers, expected) => {
    const { call, lines } = underTest(security);
    const answer = call({ headers });

    if ('admits' in expected) await expect(answer).resolves.toMatchObject({ principalId: expected.admits });
    if ('denies' in expected) {
      expect((await answer).policyDocument.Statement[0]?.Effect).toBe('Deny');
      expect(lines[0]).toContain(expected.denies);
    }
    if ('refuses' in expected) {
      await expect(answer).rejects.toThrow(/^Unauthorized$/);
      expect(lines[0]).toContain(expected.refuses);
    }
    if ('fails' in expected) await expect(answer).rejects.toThrow(/^Internal$/);
  });

  test('hand on what all credentials of one say together', async () => {
    const { call } = underTest([{ machine: [], partner: [] }]);

    expect((await call({ headers: { ...MACHINE, ...PARTNER } })).context).toMatchObject({
      userId: 'robot',
      clientId: 'acme',
      tenantId: 'acme',
      userScopes: 'read write',
    });
  });
});

test('a credential full of blanks is read in no time', async () => {
  const { call } = underTest([{ machine: [] }, { customer: [] }]);
  const started = performance.now();
  for (const name of ['Authorization', 'X-Api-Key']) {
    // with one around it, for else none of them is looked at
    const answer = call({ headers: { [name]: ` Bearer a${' \t'.repeat(30_000)}b` } });
    await expect(answer).rejects.toThrow(/^Unauthorized$/);
  }
  // from every blank anew it takes seconds
  expect(performance.now() - started).toBeLessThan(500);
});

test('blanks around a credential are none of it', async () => {
  const { call } = underTest([{ machine: [] }]);
  const around = (key: string) => call({ headers: { 'X-Api-Key': key } });

  expect((await around(' \t machine-key-0123456789\t ')).principalId).toBe('robot');
  await expect(around('machine-key- 0123456789')).rejects.toThrow(/^Unauthorized$/);
});

describe('failed authentications', () => {
  test('are counted by address', async () => {
    const { call, lines } = underTest([{ customer: [] }]);

    for (const sourceIp of ['192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.1']) {
      await call({ sourceIp }).catch(() => {});
    }

    expect(lines.map((line) => JSON.parse(line).failures)).toEqual([1, 2, 1, 3]);
    expect(JSON.parse(lines[3] ?? '')).toMatchObject({
      FailuresOfOneAddress: 3,
      ApiId: 'api123',
      _aws: { CloudWatchMetrics: [{ Namespace: 'SecureApiGateway', Dimensions: [['ApiId']] }] },
    });
  });
});
