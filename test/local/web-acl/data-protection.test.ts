import { createHash } from 'node:crypto';
import { listOf, objectOf } from '../../../lib/local/template/read';
import { ALWAYS, body, cookies, lineOf, type Request, sqli, withDetectors } from './logged';

describe('data protection of match details', () => {
  const ATTACK = '10 AND 1=1';
  const hash = (text: string) => createHash('sha256').update(`123456789012${text}`).digest('base64');
  const attack: Request = {
    rawQuery: `baloo=${ATTACK}&hoppy=${ATTACK}`,
    headers: [
      ['x-token', ATTACK],
      ['Cookie', `MILO=${ATTACK}`],
    ],
    body: ATTACK,
  };
  const protection = (FieldType: string, FieldKeys?: readonly string[], more: object = {}) => ({
    Action: 'SUBSTITUTION',
    Field: { FieldType, ...(FieldKeys && { FieldKeys }) },
    ...more,
  });
  const detail = (FieldToMatch: object, ...DataProtections: object[]) => {
    const line = lineOf([{ Statement: sqli(FieldToMatch) }], attack, {
      acl: { DataProtectionConfig: { DataProtections } },
    });
    const [found] = listOf(line?.['terminatingRuleMatchDetails']).map(objectOf);
    return [...listOf(found?.['matchedData']), found?.['matchedFieldName']];
  };
  const argument = (Name: string) => ({ SingleQueryArgument: { Name } });
  const CLEAR = ['10', 'AND', '1'];

  withDetectors.each<[string, object, readonly object[], readonly (string | undefined)[]]>([
    [
      'a header',
      { SingleHeader: { Name: 'x-token' } },
      [protection('SINGLE_HEADER', ['X-Token'])],
      ['REDACTED', 'x-token'],
    ],
    [
      'another header not',
      { SingleHeader: { Name: 'x-token' } },
      [protection('SINGLE_HEADER', ['x-other'])],
      [...CLEAR, 'x-token'],
    ],
    ['a cookie', cookies, [protection('SINGLE_COOKIE', ['milo'])], ['REDACTED', 'MILO']],
    ['a cookie by its header', cookies, [protection('SINGLE_HEADER', ['cookie'])], ['REDACTED', 'MILO']],
    [
      'a header by one of its cookies',
      { SingleHeader: { Name: 'cookie' } },
      [protection('SINGLE_COOKIE', ['milo'])],
      ['REDACTED', 'cookie'],
    ],
    [
      'an argument',
      argument('hoppy'),
      [protection('SINGLE_QUERY_ARGUMENT', ['hoppy'])],
      ['REDACTED', 'hoppy'],
    ],
    [
      'another argument not',
      argument('baloo'),
      [protection('SINGLE_QUERY_ARGUMENT', ['hoppy'])],
      [...CLEAR, 'baloo'],
    ],
    [
      'a query by one of its arguments',
      { QueryString: {} },
      [protection('SINGLE_QUERY_ARGUMENT', ['hoppy'])],
      ['REDACTED', undefined],
    ],
    [
      'an argument by the query, its name too',
      argument('baloo'),
      [protection('QUERY_STRING')],
      ['REDACTED', 'REDACTED'],
    ],
    ['a body', body, [protection('BODY')], ['REDACTED', undefined]],
    [
      'a body of JSON',
      { JsonBody: { MatchPattern: { All: {} }, MatchScope: 'ALL' } },
      [protection('BODY')],
      ['REDACTED', undefined],
    ],
    [
      'by a hash of the whole field',
      argument('hoppy'),
      [protection('SINGLE_QUERY_ARGUMENT', ['hoppy'], { Action: 'HASH' })],
      [hash(ATTACK), 'hoppy'],
    ],
    [
      'by the strictest of several',
      { QueryString: {} },
      [
        protection('SINGLE_QUERY_ARGUMENT', ['baloo'], { Action: 'HASH' }),
        protection('SINGLE_QUERY_ARGUMENT', ['hoppy']),
      ],
      ['REDACTED', undefined],
    ],
    [
      'not, where match details are excluded',
      { SingleHeader: { Name: 'x-token' } },
      [protection('SINGLE_HEADER', ['x-token'], { ExcludeRuleMatchDetails: true })],
      [...CLEAR, 'x-token'],
    ],
  ])('hides %s', (_, field, protections, shown) => {
    expect(detail(field, ...protections)).toEqual(shown);
  });

  test('hides cookies one by one, their names staying, and whole what has no name', () => {
    const line = lineOf(
      [{ Statement: ALWAYS }],
      { headers: [['Cookie', 'hoppy=dog; milo=cat;bare']] },
      { acl: { DataProtectionConfig: { DataProtections: [protection('SINGLE_HEADER', ['cookie'])] } } },
    );

    expect(line).toMatchObject({
      httpRequest: { headers: [{ value: 'hoppy=REDACTED; milo=REDACTED;REDACTED' }] },
    });
  });

  test('redacts what the log says to', () => {
    const line = lineOf([{ Statement: ALWAYS }], attack, {
      logging: {
        RedactedFields: [
          { UriPath: {} },
          { QueryString: {} },
          { Method: {} },
          { SingleHeader: { Name: 'Cookie' } },
        ],
      },
    });

    expect(line).toMatchObject({
      httpRequest: { uri: 'REDACTED', args: 'REDACTED', httpMethod: 'REDACTED' },
    });
    expect(JSON.stringify(line)).not.toMatch(/MILO|baloo|orders/);
  });
});
