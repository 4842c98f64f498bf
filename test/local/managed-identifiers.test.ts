import { MANAGED_IDENTIFIERS } from '../../lib/local/logs/managed-identifiers';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

describe('the stand-in for', () => {
  test.each([
    ['EmailAddress', '{"to":"ada@example.com"}', 'ada@example.com'],
    ['CreditCardNumber', 'card 4111 1111 1111 1111', '4111 1111 1111 1111'],
    ['CreditCardSecurityCode', '{"cvv":"123"}', '123'],
    ['CreditCardSecurityCode', 'card-security-code: 1234', '1234'],
    ['AwsSecretKey', `aws_secret_access_key = ${SECRET}`, SECRET],
    ['AwsSecretKey', `{"secretKey":"${SECRET}"}`, SECRET],
    ['PkcsPrivateKey', 'key -----BEGIN PRIVATE KEY-----\\nMIIE', '-----BEGIN PRIVATE KEY-----\\nMIIE'],
    ['PuttyPrivateKey', 'PuTTY-User-Key-File-3: ssh-ed25519', 'PuTTY-User-Key-File-3: ssh-ed25519'],
  ])('%s masks what its documentation promises: %s', (name, line, secret) => {
    expect(MANAGED_IDENTIFIERS.get(name)?.(line)).toBe(line.replace(secret, '*'.repeat(secret.length)));
  });

  test.each([
    ['CreditCardNumber without a word for card', 'id 4111111111111111'],
    ['CreditCardNumber without its check digit', 'card 4111111111111112'],
    ['CreditCardSecurityCode without a word for it', '{"status":"404"}'],
    ['CreditCardSecurityCode far from that word', `cvv${' '.repeat(31)}123`],
    ['AwsSecretKey without a word for it', `{"etag":"${SECRET}"}`],
    ['AwsSecretKey of another length', `secret key ${SECRET}A`],
  ])('%s masks nothing', (what, line) => {
    const [name = ''] = what.split(' ');

    expect(MANAGED_IDENTIFIERS.get(name)?.(line)).toBe(line);
  });
});
