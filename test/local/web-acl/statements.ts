import type { HeaderList } from '../../../lib/local/pipeline/header-list';
import { NONE, type requestOf } from './acl';

type Request = Parameters<typeof requestOf>[0];

export const size = (Field: object, ComparisonOperator: string, Size: number) => ({
  SizeConstraintStatement: { FieldToMatch: Field, ComparisonOperator, Size, TextTransformations: NONE },
});
export const ALWAYS = size({ UriPath: {} }, 'GE', 0);
export const NEVER = size({ UriPath: {} }, 'LT', 0);
const ipSet = (id: string, ...Addresses: string[]) => ({
  [id]: { Type: 'AWS::WAFv2::IPSet', Properties: { Addresses } },
});
export const inSet = (id: string, more = {}) => ({
  IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': [id, 'Arn'] }, ...more },
});
export const bytes = (
  FieldToMatch: object,
  SearchString: string,
  PositionalConstraint = 'CONTAINS',
  Type = 'NONE',
) => ({
  ByteMatchStatement: {
    FieldToMatch,
    SearchString,
    PositionalConstraint,
    TextTransformations: [{ Priority: 0, Type }],
  },
});
export const regex = (FieldToMatch: object, RegexString: string) => ({
  RegexMatchStatement: { FieldToMatch, RegexString, TextTransformations: NONE },
});
export const headers = (
  MatchScope: string,
  MatchPattern: object = { All: {} },
  OversizeHandling = 'CONTINUE',
) => ({
  Headers: { MatchScope, MatchPattern, OversizeHandling },
});
export const json = (more: object = {}) => ({
  JsonBody: { MatchPattern: { All: {} }, MatchScope: 'ALL', InvalidFallbackBehavior: 'NO_MATCH', ...more },
});
export const forwarded = (FallbackBehavior: string, Position: string) => ({
  IPSetForwardedIPConfig: { HeaderName: 'X-Forwarded-For', FallbackBehavior, Position },
});
export const xff = (value: string): Request => ({ headers: [['x-forwarded-for', value]] });
export const many: HeaderList = Array.from({ length: 201 }, (_, index) => [`x-${index}`, '1'] as const);

export const LISTS = ipSet('List', '192.0.2.0/24', '2001:db8::/32');

/**
 * Statement × behaviour. Certainty: D as AWS documents it, O as observed by others, C our cautious choice where
 * neither says.
 */
export type Behaviour = readonly [
  certainty: 'D' | 'O' | 'C',
  says: string,
  statement: object,
  Request,
  matches: boolean,
];
