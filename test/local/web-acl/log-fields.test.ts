import { NONE } from './acl';
import { ALWAYS, body, COUNT, headers, json, lineOf } from './logged';

describe('other fields of a web ACL log', () => {
  test.each([
    ['Captcha', 'CAPTCHA', 405, 'captchaResponse'],
    ['Challenge', 'CHALLENGE', 202, 'challengeResponse'],
  ])('tell of a %s to a caller without a token', (given, action, responseCodeSent, field) => {
    const line = lineOf([{ Action: { [given]: {} }, Statement: ALWAYS }]);

    expect(line).toMatchObject({
      action,
      responseCodeSent,
      [field]: { responseCode: responseCodeSent, solveTimestamp: 0, failureReason: 'TOKEN_MISSING' },
    });
  });

  test('name the parts that were inspected and are too large, and no other', () => {
    const large = { body: 'x'.repeat(20_000), headers: [['a', 'x'.repeat(9_000)]] as const };
    const size = (FieldToMatch: object) => ({
      ...COUNT,
      Statement: {
        SizeConstraintStatement: {
          FieldToMatch,
          ComparisonOperator: 'GT',
          Size: 0,
          TextTransformations: NONE,
        },
      },
    });

    expect(lineOf([size(body), size(headers)], large)).toMatchObject({
      oversizeFields: ['REQUEST_BODY', 'REQUEST_HEADERS'],
      requestBodySize: 20_000,
      requestBodySizeInspectedByWAF: 16_384,
    });
    expect(lineOf([size(json)], large)).toMatchObject({ oversizeFields: ['REQUEST_JSON_BODY'] });
    expect(lineOf([size({ UriPath: {} })], large)).not.toHaveProperty('oversizeFields');
  });

  test('show the first hundred labels', () => {
    const labelled = Array.from({ length: 101 }, (_, index) => ({
      ...COUNT,
      RuleLabels: [{ Name: `label-${index}` }],
      Statement: ALWAYS,
    }));

    expect(lineOf(labelled)?.['labels']).toHaveLength(100);
  });
});
