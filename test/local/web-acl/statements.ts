import { NONE } from './acl';

export const size = (Field: object, ComparisonOperator: string, Size: number) => ({
  SizeConstraintStatement: { FieldToMatch: Field, ComparisonOperator, Size, TextTransformations: NONE },
});
export const ALWAYS = size({ UriPath: {} }, 'GE', 0);
export const NEVER = size({ UriPath: {} }, 'LT', 0);
