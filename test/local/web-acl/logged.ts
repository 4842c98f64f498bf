import { loadDetectors } from '../../../lib/local/web-acl/injection';
import { whereInstalled } from '../../fixtures/installed';
import { aclOf, NONE, type Rule, requestOf } from './acl';

export const withDetectors = whereInstalled(loadDetectors() !== undefined, 'libmodsecurity3');

export const COUNT = { Action: { Count: {} } };
export const ALWAYS = {
  SizeConstraintStatement: {
    FieldToMatch: { UriPath: {} },
    ComparisonOperator: 'GE',
    Size: 0,
    TextTransformations: NONE,
  },
};
export const sqli = (FieldToMatch: object, more: object = {}) => ({
  SqliMatchStatement: {
    FieldToMatch,
    SensitivityLevel: 'HIGH',
    TextTransformations: [{ Priority: 0, Type: 'URL_DECODE' }],
    ...more,
  },
});
export const xss = (FieldToMatch: object) => ({
  XssMatchStatement: { FieldToMatch, TextTransformations: [{ Priority: 0, Type: 'URL_DECODE' }] },
});
export const headers = {
  Headers: { MatchPattern: { All: {} }, MatchScope: 'VALUE', OversizeHandling: 'CONTINUE' },
};
export const cookies = {
  Cookies: { MatchPattern: { All: {} }, MatchScope: 'VALUE', OversizeHandling: 'CONTINUE' },
};
export const body = { Body: { OversizeHandling: 'CONTINUE' } };
export const json = { JsonBody: { MatchPattern: { All: {} }, MatchScope: 'VALUE' } };

export type Request = Parameters<typeof requestOf>[0];

/** The log line of one request. */
export const lineOf = (
  rules: readonly Rule[],
  request: Request = {},
  options: Parameters<typeof aclOf>[1] = {},
) => aclOf(rules, { logging: {}, ...options }).evaluate(requestOf(request)).logLine;
