import { formatApiKey } from '../../lib/protocol/api-key';
import fc from '../fixtures/property';
import { patternsOf, policyOf, templateOf } from './protected-logs';

const KEY = formatApiKey({ prefix: 'sk', environment: 'live', id: 'a'.repeat(12), secret: 'Z'.repeat(32) });
const TOKEN = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl';
const ENCRYPTED_TOKEN = 'eyJhbGciOiJSU0EtT0FFUC0yNTYifQ.a2V5.aXY.Y2lwaGVy.dGFn';

function masks(text: string): boolean {
  return patternsOf(templateOf({})).some(({ Regex }) => new RegExp(Regex).test(text));
}

describe('GatewayLogs', () => {
  test('masks API keys, signed and encrypted tokens wherever they stand in a line', () => {
    for (const secret of [KEY, TOKEN, ENCRYPTED_TOKEN]) {
      expect(masks(`{"message":"from ${secret} at noon"}`)).toBe(true);
    }
  });

  const dots = (token: string, dot: string) => token.replaceAll('.', dot);

  test.each([
    ['an API key in a path', `/orders/${KEY.replaceAll('_', '%5F')}`, KEY.slice(-50)],
    ['one in lower-case hexadecimal', `/orders/${KEY.replaceAll('_', '%5f')}`, KEY.slice(-50)],
    ['one encoded twice', `a=${KEY.replaceAll('_', '%255F')}&b=2`, KEY.slice(-50)],
    ['one encoded in part', `a=${KEY.replace('_', '%5F')}`, KEY.slice(-50)],
    ['a token whose dots are encoded', `a=${dots(TOKEN, '%2E')}&b=2`, 'c2lnbmF0dXJl'],
    ['one in lower-case hexadecimal', `a=${dots(TOKEN, '%2e')}`, 'c2lnbmF0dXJl'],
    ['one encoded twice', `a=${dots(TOKEN, '%252E')}`, 'c2lnbmF0dXJl'],
    ['one that is encrypted', `a=${dots(ENCRYPTED_TOKEN, '%2E')}`, 'Y2lwaGVy'],
    ['one behind its scheme', `a=Bearer%20${TOKEN}`, 'c2lnbmF0dXJl'],
    ['one behind its scheme, as forms have it', `a=Bearer+${dots(TOKEN, '%2E')}`, 'c2lnbmF0dXJl'],
    ['an opaque token behind its scheme', 'a=Bearer%20mF_9.B5f-4.1JqM9xQ2', 'mF_9'],
    ['one encoded twice', 'a=bearer%2520mF_9.B5f-4.1JqM9xQ2', 'mF_9'],
    ['a bound token', 'a=DPoP%20mF_9.B5f-4.1JqM9xQ2', 'mF_9'],
    ['a password', 'Basic dXNlcjpwYXNzd29yZA==', 'dXNlcjpwYXNzd29yZA'],
    ['one whose hyphens are encoded alone', `a=${TOKEN.replace('.eyJ', '.eyJ%2D')}`, 'c2lnbmF0dXJl'],
    ['an opaque token behind its scheme in capitals', 'a=BEARER%20mF_9.B5f-4.1JqM9xQ2', 'mF_9'],
    ['a bound token behind its scheme in small letters', 'a=dpop%20mF_9.B5f-4.1JqM9xQ2', 'mF_9'],
    ['a password behind its scheme in capitals', 'BASIC dXNlcjpwYXNzd29yZA==', 'dXNlcjpwYXNzd29yZA'],
    ['a token padded as load balancers do', `a=${TOKEN.replaceAll('.', '==.')}`, 'eyJzdWIi'],
    ['a card in groups of American Express', 'card/3782%20822463%2010005', '822463'],
    ['the same with hyphens', 'card/3782-822463-10005', '10005'],
    ['a card of Diners Club', 'card/30569309025904', '9025904'],
    ['a card of 19 digits in groups', 'card/6200 0000 0000 0000 003', '0000'],
    ['a card with encoded hyphens', 'card/4111%2D1111%2D1111%2D1111', '1111'],
    ['an e-mail address with a tag', 'a=ada%2Bnews%40example.com', 'ada'],
    ['one whose dots are encoded', 'a=ada%2Elace%40example%2Ecom', 'example'],
    ['a card with encoded blanks', 'card/4111%201111%201111%201111', '1111'],
    [
      'a token whose header begins with a blank',
      `a=${TOKEN.replace('eyJhbGci', 'eyAiYWxnIjog')}`,
      'c2lnbmF0dXJl',
    ],
    [
      'one whose header is written in lines',
      `a=${TOKEN.replace('eyJ', 'ewogICJ').replaceAll('.', '%2E')}`,
      'c2lnbmF0',
    ],
    ['an opaque token behind two blanks', 'Bearer  mF_9.B5f-4.1JqM9xQ2', 'mF_9'],
    ['a number longer than a card’s', `id/7${'5555555555554444'.repeat(3)}7`, '7'],
    ['a card of American Express with more behind it', 'id/3782822463100059999999', '9999'],
    ['the value of a name that is encoded in part', 'a=1&%74oken=opaque&b=2', 'opaque'],
    ['one whose underscore is encoded', 'access%5Ftoken=opaque', 'opaque'],
    ['one encoded twice', 'x=1&pa%2573sword=hunter2&b=2', 'hunter2'],
    ['one whose hyphen is encoded', 'x%2Dapi%2Dkey=opaque', 'opaque'],
    ['one whose digit is encoded', 'cvc%32=737', '737'],
    ['one whose bracket is encoded too', 'filter%5Bem%61il%5D=ada', 'ada'],
    ['one with an encoded P', '%50ass=hunter2', 'hunter2'],
    ['the value of a name within another', 'user[password]=hunter2&b=2', 'hunter2'],
    ['one whose brackets are encoded', 'user%5BnewPassword%5D=hunter2', 'hunter2'],
    ['one written together', 'accessToken=opaque&b=2', 'opaque'],
    [
      'a token in an address within another',
      'next=https%3A%2F%2Fa.example%2Fcb%3Ftoken%3Dopaque&b=2',
      'opaque',
    ],
    ['an assignment in a path', '/orders/aws_secret_access_key%3DwJalrXUtnFEMI', 'wJalr'],
    ['a token in Base64', `a=${btoa(TOKEN)}`, btoa(TOKEN).slice(20)],
    ['a word that is all encoded', 'a=%68%75%6e%74%65%72%32&b=2', '%65%72%32'],
    ['a signed address', 'u=https%3A%2F%2Fb.example%2Fk%3FX-Amz-Signature%3Dfe5f80f7', 'fe5f80f7'],
    ['a request that AWS would know', 'AWS4-HMAC-SHA256 Credential=A/b, Signature=fe5f80f7', 'fe5f80f7'],
    ['a secret key of AWS', 'aws_secret_access_key=wJalrXUtnFEMI', 'wJalr'],
    ['a token in the address that a page came from', 'https://a.example/?x=1&authToken=opaque', 'opaque'],
    [
      'a private key',
      'k=-----BEGIN%20RSA%20PRIVATE%20KEY-----%0AMIIEowIBAAKCAQEA%0A-----END%20RSA%20PRIVATE%20KEY-----',
      'MIIEow',
    ],
    ['one as forms have it', 'k=-----BEGIN+PRIVATE+KEY-----%0D%0AMIIEowIBAAKCAQEA', 'MIIEow'],
    ['one encoded twice', 'k=-----BEGIN%2520PGP%2520PRIVATE%2520KEY%2520BLOCK-----%250AlQOYBF', 'lQOYBF'],
    ['an e-mail address encoded twice', 'a=ada%2540example.com', 'example'],
  ])('masks %s, as a careless client writes it', (_what, text, secret) => {
    expect(text).toContain(secret);
    const masked = patternsOf(templateOf({})).reduce(
      (line, { Regex }) => line.replace(new RegExp(Regex, 'g'), '*'),
      `{"uri":"${text}","httpVersion":"HTTP/1.1"}`,
    );

    expect(masked).not.toContain(secret);
    expect(masked).toContain('"httpVersion":"HTTP/1.1"');
  });

  test('masks credentials whichever of their marks a client encodes, in which case and how often', () => {
    const expressions = patternsOf(templateOf({})).map(({ Regex }) => new RegExp(Regex, 'g'));
    const marks = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.boolean()), { minLength: 4, maxLength: 4 });
    const around = fc.constantFrom('', '/', '?a=1&t=', 'x=', 'https://a.example/?q=', ' ', 'Bearer%20');

    fc.assert(
      fc.property(
        fc.constantFrom(KEY, TOKEN, ENCRYPTED_TOKEN),
        marks,
        around,
        around,
        (secret, how, left, right) => {
          let at = 0;
          const text = secret.replace(/[._]/g, (mark) => {
            const [times = 0, lower] = how[at++ % how.length] ?? [];
            if (times === 0) return mark;
            const code = mark.charCodeAt(0).toString(16);
            return `%${'25'.repeat(times - 1)}${lower ? code : code.toUpperCase()}`;
          });
          const masked = expressions.reduce(
            (line, each) => line.replace(each, '*'),
            `{"uri":"${left}${text}${right}"}`,
          );

          for (const part of secret.split(/[._]/).filter(({ length }) => length > 4)) {
            expect(masked).not.toContain(part);
          }
        },
      ),
    );
  });

  test.each([
    'GET%20/orders?from=2026-11-25&to=2026-11-26&cursor=eyJpZCI6MX0&limit=50',
    'ja4_t13d1516h2_8daaf6152771_02713d6af862',
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/gateway/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0',
    // what is encoded without need in a value is an attack more often than a secret
    "id=1'%20OR%20'1'='1",
    'q=%3Cscript%3Ealert(1)%3C/script%3E&file=..%2F..%2Fetc%2Fpasswd',
    'filter%5Bstatus%5D=open&%24top=5&sort%5B%5D=-name',
    'ewok.example.com',
    'basic membership of the bearer of good news',
    'traceparent 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    'utm_source=newsletter&utm_medium=email&utm_campaign=black_friday_2026_early_bird',
    'awswaf:managed:aws:core-rule-set:CrossSiteScripting_Body',
    // a time in microseconds, and identifiers that have thirteen digits, or four and four and four, by chance
    'since=1795626552003000',
    'Root=1-6b071636-7e8a6a1c15938294269688a1',
    'a3976785-5730-4657-8c53-713e6bf528a3',
  ])('masks nothing of %s', (text) => {
    expect(masks(text)).toBe(false);
  });

  test('masks cards without a word for card near them, and e-mail addresses as addresses of pages write them', () => {
    for (const personal of [
      '5555555555554444',
      '4111-1111-1111-1111',
      '2223003122003222',
      'ada%40example.com',
    ]) {
      expect(masks(`{"uri":"/orders/${personal}"}`)).toBe(true);
    }
    expect(masks('{"time":"1795328400000","later":"2000000000000","account":"111111111111"}')).toBe(false);
  });

  test('leaves nothing of an encrypted token', () => {
    const expression = patternsOf(templateOf({})).find(({ Name }) => Name === 'ApiKeyOrToken')?.Regex ?? '';

    expect(ENCRYPTED_TOKEN.replace(new RegExp(expression), '')).toBe('');
  });

  test('leaves what an investigation needs', () => {
    expect(masks('{"resource":"/orders/{orderId}","key":"aaaaaaaaaaaa","sourceIp":"203.0.113.9"}')).toBe(
      false,
    );
  });

  test('masks what it audits, no more and no less, as CloudWatch Logs demands', () => {
    const { Statement } = policyOf(templateOf({}));

    expect(Statement).toHaveLength(2);
    expect(Statement[1]?.DataIdentifier).toEqual(Statement[0]?.DataIdentifier);
    expect(Statement.map(({ Operation }) => Object.keys(Operation))).toEqual([['Audit'], ['Deidentify']]);
  });

  test('masks private keys, cards and e-mail addresses by the identifiers of CloudWatch Logs', () => {
    const text = JSON.stringify(policyOf(templateOf({})).Statement[1]?.DataIdentifier);

    for (const name of [
      'PkcsPrivateKey',
      'OpenSshPrivateKey',
      'CreditCardNumber',
      'EmailAddress',
      'AwsSecretKey',
    ]) {
      expect(text).toContain(`data-identifier/${name}`);
    }
    expect(text).not.toContain('IpAddress');
    // a status beside the route `/cards/{cardId}` would be one
    expect(text).not.toContain('CreditCardSecurityCode');
  });

  test.each(['a', '1', 'token', '%41', 'eyJa.', 'a_', 'BEGIN '])(
    'masks a line full of %j in no time',
    (piece) => {
      const line = JSON.stringify({ args: piece.repeat(8_000 / piece.length) });
      const started = performance.now();
      for (const { Regex } of patternsOf(templateOf({}))) line.replace(new RegExp(Regex, 'g'), '*');

      expect(performance.now() - started).toBeLessThan(1_000);
    },
  );

  test('masks no more of a line than a text in it, and no quotation mark of it', () => {
    const expressions = patternsOf(templateOf({})).map(({ Regex }) => new RegExp(Regex, 'g'));
    const text = fc
      .array(
        fc.constantFrom(
          '%74oken=',
          'password=a"b',
          '\\',
          '"',
          '=',
          '&',
          KEY,
          TOKEN,
          'BEGIN PRIVATE KEY',
          '%61=b',
          'a%40b.c',
        ),
      )
      .map((pieces) => pieces.join(''));

    fc.assert(
      fc.property(text, text, (uri, args) => {
        const line = JSON.stringify({ uri, args, action: 'BLOCK' });
        const masked = expressions.reduce((left, each) => left.replace(each, '*'), line);

        expect(JSON.parse(masked)).toEqual({
          uri: expect.any(String),
          args: expect.any(String),
          action: 'BLOCK',
        });
      }),
    );
  });

  test('has none of the characters that CloudWatch Logs does not take, in expressions that are not too long', () => {
    for (const { Name, Regex } of patternsOf(templateOf({}))) {
      expect([Name, Regex]).toEqual([Name, expect.stringMatching(/^[\w#=@/;, ^$?[\]{}|\\*+.-]{1,200}$/)]);
    }
  });
});
