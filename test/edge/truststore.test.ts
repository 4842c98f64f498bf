import { execFileSync } from 'node:child_process';
import fs, { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Truststore } from '../../lib';
import { certificatesAlone, checkTruststore } from '../../lib/edge/truststore-check';
import { GatewayConfigurationError } from '../../lib/errors';
import { earliestEnd } from '../../lib/protocol';
import { issue } from '../fixtures/certificates';
import { quickApp } from '../fixtures/gateway';

const DAY_MILLIS = 24 * 60 * 60 * 1000;
const MALFORMED = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';

/** Arguments of `openssl req`, and what is wrong with the certificate it makes. */
const SIGNATURES: [string[], string[]][] = [
  [['rsa:2048', '-sha256'], []],
  [['rsa:3072', '-sha512'], []],
  [['rsa:2048', '-sha1'], ['TRUSTSTORE_SHA1']],
  [['rsa:2048', '-md5'], ['TRUSTSTORE_SHA1']],
  [['rsa:2048', '-sha256', '-sigopt', 'rsa_padding_mode:pss'], []],
  [['rsa:2048', '-sha1', '-sigopt', 'rsa_padding_mode:pss'], ['TRUSTSTORE_SHA1']],
  [['ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-sha384'], []],
  [['ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-sha1'], ['TRUSTSTORE_SHA1']],
  [['ec', '-pkeyopt', 'ec_paramgen_curve:P-224', '-sha256'], ['TRUSTSTORE_WEAK_KEY']],
  [['ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1', '-sha256'], ['TRUSTSTORE_WEAK_KEY']],
  [['ed25519'], ['TRUSTSTORE_SHA1', 'TRUSTSTORE_WEAK_KEY']],
];

describe('a truststore', () => {
  test('holds authorities, with their whole chain', async () => {
    const root = await issue({ name: 'Root' });
    const intermediate = await issue({ name: 'Intermediate', issuer: root });

    expect(codesOf(root.pem)).toEqual([]);
    expect(codesOf(`# partners\n${intermediate.pem}\n${root.pem}`)).toEqual([]);
  });

  test.each<[string, () => Promise<string>, string]>([
    ['nothing', async () => 'no certificate', 'TRUSTSTORE_EMPTY'],
    [
      'the certificate of a client',
      async () => (await issue({ isAuthority: false })).pem,
      'TRUSTSTORE_NOT_CA',
    ],
    [
      'an expired certificate',
      async () => (await issue({ notAfter: new Date(Date.now() - 1000) })).pem,
      'TRUSTSTORE_EXPIRED',
    ],
    [
      'a certificate of the future',
      async () => (await issue({ notBefore: new Date(Date.now() + DAY_MILLIS) })).pem,
      'TRUSTSTORE_NOT_YET',
    ],
    [
      'a signature with SHA-1',
      async () => (await issue({ rsaBits: 2048, hash: 'SHA-1' })).pem,
      'TRUSTSTORE_SHA1',
    ],
    ['a short RSA key', async () => (await issue({ rsaBits: 1024 })).pem, 'TRUSTSTORE_WEAK_KEY'],
    [
      'an issuer that is missing',
      async () => (await issue({ name: 'Intermediate', issuer: await issue({ name: 'Root' }) })).pem,
      'TRUSTSTORE_CHAIN',
    ],
    [
      'an issuer of the same name and another key',
      async () => {
        const intermediate = await issue({ name: 'Intermediate', issuer: await issue({ name: 'Root' }) });
        return `${intermediate.pem}\n${(await issue({ name: 'Root' })).pem}`;
      },
      'TRUSTSTORE_CHAIN',
    ],
    [
      'a chain of five',
      async () => {
        const chain = [await issue({ name: 'Root' })];
        for (const name of ['A', 'B', 'C', 'D']) chain.unshift(await issue({ name, issuer: chain[0]! }));
        return chain.map(({ pem }) => pem).join('\n');
      },
      'TRUSTSTORE_CHAIN_LENGTH',
    ],
    [
      'a private key',
      async () => {
        const { pem, keyPem } = await issue();
        return `${pem}\n${keyPem}`;
      },
      'TRUSTSTORE_PRIVATE_KEY',
    ],
    [
      'a certificate that cannot be read',
      async () => `${MALFORMED}\n${(await issue()).pem}`,
      'TRUSTSTORE_MALFORMED',
    ],
    [
      'a certificate whose block is called otherwise',
      async () =>
        `${(await issue()).pem}\n${(await issue()).pem.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE')}`,
      'TRUSTSTORE_BLOCKS',
    ],
    [
      'a block in small letters',
      async () => `${(await issue()).pem}\n${(await issue()).pem.replaceAll('CERTIFICATE', 'certificate')}`,
      'TRUSTSTORE_BLOCKS',
    ],
    [
      'a certificate that has no end',
      async () => `${(await issue()).pem}\n${(await issue()).pem.replace(/-----END.*/, '')}`,
      'TRUSTSTORE_BLOCKS',
    ],
    ['a key only', async () => (await issue()).keyPem, 'TRUSTSTORE_EMPTY'],
  ])('is refused with %s', async (_what, pem, code) => {
    expect(codesOf(await pem())).toEqual([code]);
  });

  test('is uploaded as its certificates, each once, without the text beside them', async () => {
    const [one, two] = [await issue({ name: 'One' }), await issue({ name: 'Two' })];
    const alone = `${one.pem.trim()}\n${two.pem.trim()}\n`;
    const key = one.keyPem.replaceAll('-----', '----').replace('BEGIN', ' BEGIN');

    expect(certificatesAlone(alone)).toBe(alone);
    expect(certificatesAlone(`${one.keyPem}${alone}`)).toBe(alone);
    expect(certificatesAlone(`\ufeff# partners\n${key}\n${alone}{"d":"secret"}\n${alone}`)).toBe(alone);
    expect(certificatesAlone(alone.replaceAll('\n', '\r\n'))).toBe(alone);
  });

  test('is refused for its size before anything else is looked for', async () => {
    expect(codesOf('-----BEGIN A-----\n'.repeat(1_001))).toEqual(['TRUSTSTORE_SIZE']);
    expect(codesOf('x'.repeat(1024 * 1024 + 1))).toEqual(['TRUSTSTORE_SIZE']);
  });

  test('is refused where the file cannot be read, or is larger than any text', () => {
    const folder = mkdtempSync(join(tmpdir(), 'secure-api-gateway-'));
    const [loop, huge] = [join(folder, 'loop.pem'), join(folder, 'huge.pem')];
    symlinkSync(loop, loop);
    writeFileSync(huge, '');
    truncateSync(huge, 2 ** 30);

    const problemsOf = (path: string) => Truststore.fromFile(path)._problems('domain');
    const [looped, large] = [problemsOf(loop), problemsOf(huge)];
    rmSync(folder, { recursive: true });
    expect(looped).toMatchObject([
      { code: 'TRUSTSTORE_FILE', message: expect.stringContaining('cannot be read (ELOOP)') },
    ]);
    expect(large).toMatchObject([{ code: 'TRUSTSTORE_SIZE', message: `it holds ${2 ** 30} bytes` }]);
    expect(problemsOf('a\0b')).toMatchObject([{ code: 'TRUSTSTORE_FILE' }]);
  });

  test('ends with the first of its certificates', async () => {
    const soon = new Date('2030-01-01T00:00:00Z');
    const [early, late] = await Promise.all([
      issue({ notAfter: soon }),
      issue({ notAfter: new Date('2040-01-01') }),
    ]);

    expect(earliestEnd(`${late.pem}\n${early.pem}`)).toBe(soon.getTime());
    expect(() => earliestEnd('nothing')).toThrow('there is no certificate in PEM');
    expect(() => earliestEnd(MALFORMED)).toThrow();
  });

  test('holds an authority that two others vouch for, one of which is not in it', async () => {
    const root = await issue({ name: 'Root' });
    const elsewhere = await issue({ name: 'Elsewhere' });
    const crossed = await issue({ name: 'Root', issuer: elsewhere, keys: root.keys });
    const intermediate = await issue({ name: 'Intermediate', issuer: root });

    expect(codesOf([intermediate, crossed, root].map(({ pem }) => pem).join('\n'))).toEqual([
      'TRUSTSTORE_CHAIN',
    ]);
    expect(codesOf([intermediate, crossed, root, elsewhere].map(({ pem }) => pem).join('\n'))).toEqual([]);
  });

  test.each(SIGNATURES)('of openssl with %j: %s', (arguments_, codes) => {
    expect(codesOf(selfSigned(arguments_))).toEqual(codes);
  });

  test('names file and every problem at once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'secure-api-gateway-'));
    const path = join(folder, 'partners.pem');
    const client = await issue({ name: 'Client', isAuthority: false, notAfter: new Date(Date.now() - 1000) });
    writeFileSync(path, client.pem);

    const problems = Truststore.fromFile(path)._problems('domain');
    rmSync(folder, { recursive: true });
    expect(problems.map(({ code }) => code)).toEqual(['TRUSTSTORE_NOT_CA', 'TRUSTSTORE_EXPIRED']);
    expect(problems[0]).toMatchObject({
      at: `domain (${path})`,
      message: 'CN=Client is not the certificate of an authority',
    });
  });

  test('names an authority as a terminal may show it', async () => {
    const { pem } = await issue({ name: 'Evil\u009b2J\u202egnp', isAuthority: false });
    const { message } = new GatewayConfigurationError(checkTruststore('domain', pem, new Date()));

    expect(message).toMatch(
      /^domain: CN=Evil\\u\{9b\}2J\\u\{202e\}gnp is not the certificate of an authority;/,
    );
  });

  test.each([
    ['it is staged', false],
    ['it cannot be staged', true],
  ])('leaves no copy behind where %s', async (_, isTaken) => {
    const folder = mkdtempSync(join(tmpdir(), 'secure-api-gateway-'));
    const path = join(folder, 'partners.pem');
    writeFileSync(path, (await issue()).pem);
    const stack = new Stack(quickApp({ outdir: join(folder, 'cdk.out') }), 'Stack');
    if (isTaken) new Construct(stack, 'Truststore');
    const made = jest.spyOn(fs, 'mkdtempSync');

    const bind = () => Truststore.fromFile(path)._bind(stack);
    if (isTaken) expect(bind).toThrow("already a Construct with name 'Truststore'");
    else expect(bind()).toHaveProperty('truststoreUri');

    const copies = made.mock.results
      .map(({ value }) => value)
      .filter((value) => value.includes('truststore-'));
    made.mockRestore();
    rmSync(folder, { recursive: true });
    expect(copies).toHaveLength(1);
    expect(copies.filter(fs.existsSync)).toEqual([]);
  });

  test.each(['nowhere.pem', __dirname])('is refused where there is no file: %s', (path) => {
    expect(
      Truststore.fromFile(path)
        ._problems('domain')
        .map(({ code }) => code),
    ).toEqual(['TRUSTSTORE_FILE']);
  });
});

/** A certificate of an authority, made by OpenSSL. */
function selfSigned([kind = '', ...more]: readonly string[]): string {
  const given = [
    'req',
    '-x509',
    '-newkey',
    kind,
    ...more,
    '-nodes',
    '-keyout',
    '/dev/null',
    '-subj',
    '/CN=Root',
  ];
  return execFileSync('openssl', given, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

function codesOf(pem: string): string[] {
  return checkTruststore('truststore', pem, new Date()).map(({ code }) => code);
}
