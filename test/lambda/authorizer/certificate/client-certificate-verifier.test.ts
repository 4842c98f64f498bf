import { ClientCertificateVerifier } from '../../../../lambda/authorizer/certificate/client-certificate-verifier';
import { RememberedItems } from '../../../../lambda/authorizer/store/remembered-items';
import type { ClientCertificateConfiguration } from '../../../../lib/protocol/authorizer-configuration';
import { normalSerial, readCertificate } from '../../../../lib/protocol/client-certificate';
import { signingKey, token } from '../tokens';
import { authorizer, CLAIMS, jwtVerifier, NOW, operation } from '../under-test';
import { certificate } from './certificates';

const SCHEMES = { customer: { in: 'authorization' }, mutual: { in: 'clientCertificate' } } as const;
const KEY = signingKey('ES256', 'one');
const SUBJECT = 'C=GB,O=Acme,CN=batch';

let revoked: Set<string>;
let now: number;
let pem: string;
let other: string;

beforeAll(async () => {
  pem = await certificate();
  other = await certificate();
});

beforeEach(() => {
  revoked = new Set();
  now = NOW * 1000;
});

function underTest(configuration: Partial<ClientCertificateConfiguration> = {}) {
  const read = async (pk: string) => (revoked.has(pk) ? { pk } : undefined);
  const items = new RememberedItems(
    read,
    () => true as const,
    30_000,
    () => now,
  );
  return authorizer(
    {
      customer: jwtVerifier([KEY]),
      mutual: new ClientCertificateVerifier(
        { kind: 'clientCertificate', ...configuration },
        items,
        () => now,
      ),
    },
    {
      'GET /orders': operation({ security: [{ mutual: [] }] }),
      'PUT /orders': operation(),
      'POST /orders': operation({ security: [{ customer: [], mutual: [] }] }),
    },
    SCHEMES,
  );
}

describe('client certificate', () => {
  test('names its subject, and its serial in the log', async () => {
    const decision = await underTest().call({ certificate: pem });

    expect(decision).toMatchObject({ principalId: SUBJECT, context: { userId: SUBJECT, clientId: SUBJECT } });
  });

  test('that is missing is refused, as on a domain without mutual TLS', async () => {
    await expect(underTest().call({})).rejects.toThrow(/^Unauthorized$/);
  });

  test('that is no certificate is refused', async () => {
    await expect(underTest().call({ certificate: 'nonsense' })).rejects.toThrow(/^Unauthorized$/);
  });

  test.each([
    [[SUBJECT], true],
    [['C=GB,O=Acme,CN=other', SUBJECT], true],
    [['CN=batch'], false],
    [['C=GB,O=Acme,CN=batch2'], false],
    [['c=gb,o=acme,cn=batch'], false],
  ])('must be of an allowed subject: %j, %s', async (allowedSubjects, admitted) => {
    const answer = underTest({ allowedSubjects }).call({ certificate: pem });

    await (admitted ? expect(answer).resolves.toBeDefined() : expect(answer).rejects.toThrow('Unauthorized'));
  });

  test('that is revoked is refused once its memory is over', async () => {
    const { call, lines } = underTest();
    await call({ certificate: pem });
    revoked.add('certificate#C=GB,CN=batch,O=Acme#A1B2C');

    now += 29_999;
    await expect(call({ certificate: pem })).resolves.toBeDefined();
    now += 1;
    await expect(call({ certificate: pem })).rejects.toThrow(/^Unauthorized$/);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ reason: 'REVOKED', credentialId: 'A1B2C' });
  });

  test.each([
    ['is over', { notAfter: new Date(NOW * 1000) }],
    ['has not begun', { notBefore: new Date((NOW + 60) * 1000) }],
  ])('whose time %s is refused', async (_, options) => {
    await expect(underTest().call({ certificate: await certificate(options) })).rejects.toThrow(
      'Unauthorized',
    );
  });

  test('and a token, where both are asked for, must both be there', async () => {
    const { call } = underTest();
    const headers = { Authorization: `Bearer ${token(KEY, CLAIMS)}` };

    await expect(call({ method: 'POST', headers })).rejects.toThrow('Unauthorized');
    await expect(call({ method: 'POST', certificate: pem })).rejects.toThrow('Unauthorized');
    const decision = await call({ method: 'POST', headers, certificate: pem });
    // security schemes are named in the order of the document
    expect(decision.context).toMatchObject({ userId: 'alice', clientId: SUBJECT });
  });
});

describe('token bound to a certificate (RFC 8705)', () => {
  const boundTo = (thumbprint: unknown) => token(KEY, { ...CLAIMS, cnf: { 'x5t#S256': thumbprint } });
  const send = (text: string, sent?: string) => ({
    method: 'PUT',
    headers: { Authorization: `Bearer ${text}` },
    ...(sent === undefined ? {} : { certificate: sent }),
  });

  test('is accepted with its certificate only, also when it is remembered', async () => {
    const { call, lines } = underTest();
    const text = boundTo(readCertificate(pem)?.thumbprint);

    await expect(call(send(text, pem))).resolves.toBeDefined();
    await expect(call(send(text, other))).rejects.toThrow(/^Unauthorized$/);
    await expect(call(send(text))).rejects.toThrow(/^Unauthorized$/);
    await expect(call(send(text, pem))).resolves.toBeDefined();
    expect(lines[0]).toContain('BOUND_TO_ANOTHER_CERTIFICATE');
  });

  test.each([
    ['RFC 9449 6.1: to a DPoP key', { jkt: 'x' }],
    ['RFC 7800 3.2: to a key', { jwk: KEY.jwk }],
    ['RFC 7800 3.1: to nothing', {}],
    ['RFC 7800 3.1: by text', 'x5t#S256'],
    ['RFC 8705 3.1: by a number', { 'x5t#S256': 7 }],
  ])('is refused where it is bound %s', async (_, cnf) => {
    await expect(underTest().call(send(token(KEY, { ...CLAIMS, cnf }), pem))).rejects.toThrow(
      /^Unauthorized$/,
    );
  });
});

describe('token bound to a certificate and to more', () => {
  test('is refused: half of what binds it was not checked', async () => {
    const cnf = { 'x5t#S256': readCertificate(pem)?.thumbprint, jkt: 'x' };
    const headers = { Authorization: `Bearer ${token(KEY, { ...CLAIMS, cnf })}` };

    await expect(underTest().call({ method: 'PUT', headers, certificate: pem })).rejects.toThrow(
      'Unauthorized',
    );
  });
});

describe('serial', () => {
  test.each([
    ['0a:1b:2c', 'A1B2C'],
    ['00A1B2C', 'A1B2C'],
    ['0', '0'],
    ['-01', '-1'],
  ])('is stored in one form: %s, %s', (text, expected) => {
    expect(normalSerial(text)).toBe(expected);
  });
});
