import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { certificateByName, certificateInFile } from '../../lib/keys/certificate-name';
import { KeyTable } from '../../lib/keys/key-table';
import { RevokedCertificates } from '../../lib/keys/revoked-certificates';
import { type Database, startDatabase } from '../../lib/local/emulated/database';
import { certificateItemId, readCertificate } from '../../lib/protocol';
import { visible } from '../../lib/visible';
import { issue } from '../fixtures/certificates';
import { codesOf } from '../fixtures/problems';

const ISSUER = 'C=GB,O=Acme,CN=Partners';

describe('a certificate to be revoked', () => {
  test('is named by its file, where its own comes before those of its issuers', async () => {
    const issuer = await issue({ name: 'Partners' });
    const client = await issue({ name: 'Client', issuer, isAuthority: false, serialNumber: '00f1' });

    expect(certificateInFile('client.pem', `Certificate:\n  Data:\n${client.pem}\n${issuer.pem}`)).toEqual({
      issuer: 'CN=Partners',
      serial: 'F1',
      subject: 'CN=Client',
      expiresAt: readCertificate(client.pem)?.notAfter,
    });
  });

  test.each([
    ['0x12', '12'],
    ['dec:18', '12'],
    ['dec:00018', '12'],
    ['12:34', '12:34'],
    ['fa', 'fa'],
    ['serial=0A1B', '0A1B'],
    ['serial=1234', '1234'],
    ['serial=-05', '-05'],
    ['7', '7'],
    ['dec:340282366920938463463374607431768211455', 'f'.repeat(32)],
  ])('is named by its serial: %s', (serial, expected) => {
    expect(certificateByName(ISSUER, serial).serial).toBe(expected);
  });

  test.each([
    ['digits that may be either', ISSUER, '1234', 'SERIAL'],
    ['digits that may be either, with zeros', ISSUER, '0012', 'SERIAL'],
    ['no number', ISSUER, 'xyz', 'SERIAL'],
    ['nothing', ISSUER, '', 'SERIAL'],
    ['decimal with letters', ISSUER, 'dec:1a', 'SERIAL'],
    ['more digits than a serial has', ISSUER, `0x${'f'.repeat(5_000)}`, 'SERIAL'],
    ['an issuer that is no name', 'Partners', '0x1', 'ISSUER'],
    ['an issuer in DER', 'CN=#0c0161', '0x1', 'ISSUER'],
  ])('is refused with %s', (_, issuer, serial, code) => {
    expect(codesOf(() => certificateByName(issuer, serial))).toEqual([code]);
  });

  test('is refused without a word of what the issuer is given by, which may be a private key', async () => {
    const { keyPem } = await issue();

    for (const text of [keyPem, '{"kty":"oct","k":"c2VjcmV0"}']) {
      expect(() => certificateByName(text, '0x1')).toThrow(
        expect.objectContaining({ message: expect.not.stringMatching(/PRIVATE|MIG|kty|c2Vj/) }),
      );
    }
  });

  test('shows no name that a terminal would obey or turn around', async () => {
    const { pem } = await issue({ name: 'Evil\u009b2J\u202egnp' });

    expect(() => certificateInFile('ca.pem', pem)).toThrow('CN=Evil\\u{9b}2J\\u{202e}gnp is an authority');
    expect(visible('Café, 東京')).toBe('Café, 東京');
  });

  test('is refused where it is an authority, none, or its issuer is several', async () => {
    const authority = await issue({ name: 'Partners' });

    expect(codesOf(() => certificateInFile('ca.pem', authority.pem))).toEqual(['AUTHORITY']);
    expect(codesOf(() => certificateInFile('key.pem', authority.keyPem))).toEqual(['NO_CERTIFICATE']);
    expect(codesOf(() => certificateByName(`${authority.pem}\n${authority.pem}`, '0x1'))).toEqual(['ISSUER']);
    expect(certificateByName(authority.pem, '0x1').issuer).toBe('CN=Partners');
  });
});

describe('revoked certificates', () => {
  const aws = { region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  let database: Database;
  let client: DynamoDBClient;
  let now = 1_000;
  const revoked = () => new RevokedCertificates(new KeyTable(client, 'keys').certificates, () => now);

  beforeAll(async () => {
    database = await startDatabase('dynalite', [
      {
        TableName: 'keys',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      } as { TableName: string },
    ]);
    client = new DynamoDBClient({ ...aws, endpoint: database.endpoint });
  });
  afterAll(async () => {
    client.destroy();
    await database.close();
  });

  test('keep the first time and reason, whichever end of the issuer comes first', async () => {
    const first = await revoked().revoke({ issuer: ISSUER, serial: '0a1b', expiresAt: 5_000 }, 'lost');
    now = 2_000;
    const again = await revoked().revoke({ issuer: 'CN=Partners, O=Acme, C=GB', serial: '0A:1B' }, 'stolen');

    expect(first).toEqual({
      certificate: {
        issuer: 'C=GB,CN=Partners,O=Acme',
        serial: 'A1B',
        revokedAt: 1_000,
        reason: 'lost',
        expiresAt: 5_000,
      },
      isNew: true,
    });
    expect(again).toEqual({ ...first, isNew: false });
    const listed = [];
    for await (const page of revoked().list()) listed.push(...page);
    expect(listed).toEqual([first.certificate]);
  });

  test('do not take an issuer whose name no key of the table can hold', async () => {
    const issuer = `CN=${'x'.repeat(2_048)}`;

    await expect(revoked().revoke({ issuer, serial: '1' })).rejects.toThrow(
      /^1: the name of its issuer is too long.* have 2065 bytes, 2048 at most; .*\[ISSUER_TOO_LONG\]$/,
    );
    const longest = `CN=${'x'.repeat(2_048 - 'certificate#CN=#1'.length)}`;
    expect(await revoked().revoke({ issuer: longest, serial: '1' })).toMatchObject({ isNew: true });
  });

  test('say what DynamoDB refuses, which is not always the table', async () => {
    const subject = 'x'.repeat(400 * 1024);

    await expect(revoked().revoke({ issuer: ISSUER, serial: '77', subject })).rejects.toThrow(
      /ValidationException: .*[Ii]tem size.*\[AWS_REFUSED\]$/,
    );
  });

  test('take no reason that would break a line', async () => {
    const order = { issuer: ISSUER, serial: '99' };

    for (const reason of ['two\nlines', '\u001b[2J', 'x'.repeat(257)]) {
      await expect(revoked().revoke(order, reason)).rejects.toThrow('REASON');
    }
    expect(
      await new KeyTable(client, 'keys').certificates.find(certificateItemId(ISSUER, '99')),
    ).toBeUndefined();
  });
});
