import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Truststore } from '../../lib';
import { checkTruststore, earliestEnd } from '../../lib/edge/truststore-check';
import { issue } from '../fixtures/certificates';

const DAY_MILLIS = 24 * 60 * 60 * 1000;

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
      async () => '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
      'TRUSTSTORE_MALFORMED',
    ],
  ])('is refused with %s', async (_what, pem, code) => {
    expect(codesOf(await pem())).toEqual([code]);
  });

  test('ends with the first of its certificates', async () => {
    const soon = new Date('2030-01-01T00:00:00Z');
    const [early, late] = await Promise.all([
      issue({ notAfter: soon }),
      issue({ notAfter: new Date('2040-01-01') }),
    ]);

    expect(earliestEnd(`${late.pem}\n${early.pem}`)).toEqual(soon);
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

  test('is refused where there is no file', () => {
    expect(
      Truststore.fromFile('nowhere.pem')
        ._problems('domain')
        .map(({ code }) => code),
    ).toEqual(['TRUSTSTORE_FILE']);
  });
});

function codesOf(pem: string): string[] {
  return checkTruststore('truststore', pem, new Date()).map(({ code }) => code);
}
