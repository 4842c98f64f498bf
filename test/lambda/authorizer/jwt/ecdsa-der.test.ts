import { generateKeyPairSync, sign } from 'node:crypto';
import { rawSignature } from '../../../../lambda/authorizer/identity/raw-signature';
import { ecdsaDer } from '../../../../lambda/authorizer/jwt/ecdsa-der';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const bytes = (length: number, value: string) => value.repeat(length);

describe('an ECDSA signature in DER', () => {
  test.each([
    ['short numbers', `${bytes(31, '00')}01 ${bytes(31, '00')}7f`, '30 06 02 01 01 02 01 7f'],
    [
      'a sign where the first bit is set',
      `${bytes(31, '00')}80 ${bytes(32, '00')}`,
      '30 07 02 02 00 80 02 01 00',
    ],
    [
      'both numbers in full',
      bytes(64, 'ff'),
      `30 46 02 21 00 ${bytes(32, 'ff')} 02 21 00 ${bytes(32, 'ff')}`,
    ],
    [
      'a second byte of length from 128 on (P-521)',
      bytes(132, '01'),
      `30 81 88 02 42 ${bytes(66, '01')} 02 42 ${bytes(66, '01')}`,
    ],
    [
      'a second byte of length at 128 (P-521, short numbers)',
      `${bytes(4, '00')}${bytes(62, '01')} ${bytes(4, '00')}${bytes(62, '01')}`,
      `30 81 80 02 3e ${bytes(62, '01')} 02 3e ${bytes(62, '01')}`,
    ],
    [
      'one byte of length to 127 (P-521, short numbers)',
      `${bytes(5, '00')}${bytes(61, '01')} ${bytes(4, '00')}${bytes(62, '01')}`,
      `30 7f 02 3d ${bytes(61, '01')} 02 3e ${bytes(62, '01')}`,
    ],
  ])('has %s', (_, raw, der) => {
    expect(ecdsaDer(hex(raw)).toString('hex')).toBe(hex(der).toString('hex'));
  });

  test('is what OpenSSL wrote, through hundreds of signatures', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (let index = 0; index < 300; index += 1) {
      const der = sign('sha256', Buffer.from(`message ${index}`), privateKey);
      expect(ecdsaDer(rawSignature(der))).toEqual(der);
    }
  });
});
