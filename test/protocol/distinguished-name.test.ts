import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateItemId, orderedName, unorderedName } from '../../lib/protocol';

describe('a distinguished name', () => {
  test.each([
    ['C=GB,O=Acme,CN=batch', 'C=GB,O=Acme,CN=batch'],
    ['C = GB, O = Acme, CN = batch', 'C=GB,O=Acme,CN=batch'],
    ['/C=GB/O=Acme/CN=batch', 'C=GB,O=Acme,CN=batch'],
    ['C=GB\nO=Acme\nCN=batch', 'C=GB,O=Acme,CN=batch'],
    ['c=GB,o=Acme,Cn=batch', 'C=GB,O=Acme,CN=batch'],
    ['O=Acme\\, Inc.,CN=x', 'O=Acme\\, Inc.,CN=x'],
    ['O = "Acme, Inc.", CN = x', 'O=Acme\\, Inc.,CN=x'],
    ['OU=b + CN=a,O=Acme', 'CN=a+OU=b,O=Acme'],
    ['CN=M\\C3\\BCller', 'CN=Müller'],
    ['CN=Müller 😀', 'CN=Müller 😀'],
    ['emailAddress=a@b', 'EMAILADDRESS=a@b'],
    ['OID.1.2.840.113549.1.9.1=a@b', 'EMAILADDRESS=a@b'],
    ['CN=\\ a\\ ', 'CN=\\ a\\ '],
    ['CN=\\ ', 'CN=\\ '],
    ['CN=\\#a', 'CN=\\#a'],
    ['CN=a\\1B[2J\\C2\\9B', 'CN=a\\1b[2J\\c2\\9b'],
    ['CN=', 'CN='],
  ])('is written in one form: %j', (text, expected) => {
    expect(orderedName(text)).toBe(expected);
    expect(orderedName(expected)).toBe(expected);
  });

  test.each([
    '',
    'batch',
    'C=GB,batch',
    '/C=GB/O=A/B',
    'CN="open',
    'CN="a"b',
    'CN=#0c0161',
    'CN=a\\',
    '=a',
    'CN=a,',
    'C N=a',
  ])('is none: %j', (text) => {
    expect(orderedName(text)).toBeUndefined();
  });

  test('keeps two names apart that differ in what stands between commas', () => {
    expect(unorderedName('O=Acme\\,CN=batch')).not.toBe(unorderedName('O=Acme,CN=batch'));
    expect(unorderedName('CN=a+OU=b')).not.toBe(unorderedName('CN=a,OU=b'));
    expect(unorderedName('CN=a\\+OU\\=b')).not.toBe(unorderedName('CN=a+OU=b'));
  });

  test('is the same whichever end comes first', () => {
    expect(certificateItemId('C=GB,O=Acme,CN=CA', '0a:1b')).toBe(
      certificateItemId('CN=CA, O=Acme, C=GB', '0A1B'),
    );
    expect(certificateItemId('C=GB,O=Acme,CN=CA', '1')).not.toBe(certificateItemId('C=GB,O=Acme,CN=CB', '1'));
  });
});

describe('the name of a real certificate', () => {
  const SUBJECTS = [
    '/C=GB/O=Acme, Inc./OU=R+D; "x"/CN=batch <1>',
    '/C=DE/O=Müller \\\\ Söhne/emailAddress=a@example.com/CN= padded ',
    '/C=GB/O=Acme/OU=a+CN=b',
    '/CN=#hash/serialNumber=7/DC=example/DC=com',
  ];
  const NOTATIONS = ['RFC2253,utf8', 'oneline,utf8', 'esc_2253,utf8,sep_comma_plus_space', 'RFC2253'];
  const folder = mkdtempSync(join(tmpdir(), 'names-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(SUBJECTS)('is the one that openssl writes, in all its notations: %s', (subject) => {
    const file = join(folder, 'certificate.pem');
    const key = join(folder, 'key.pem');
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-utf8',
      '-multivalue-rdn',
      '-subj',
      subject,
      '-keyout',
      key,
      '-out',
      file,
    );
    const read = new X509Certificate(readFileSync(file)).issuer;

    for (const notation of NOTATIONS) {
      const printed = openssl('x509', '-in', file, '-noout', '-issuer', '-nameopt', notation);
      expect(unorderedName(printed.replace(/^issuer=/, '').replace(/\n$/, ''))).toBe(unorderedName(read));
    }
  });
});

function openssl(...given: string[]): string {
  return execFileSync('openssl', given, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
