import type { CfnRuleGroup } from 'aws-cdk-lib/aws-wafv2';
import { inBothCases, MAXIMUM_PATTERN } from './path-pattern';

/** A statement that may stand in a web ACL and in a rule group alike. */
export type Statement = CfnRuleGroup.StatementProperty;

/** The component of a request that a statement inspects. */
export type Field = CfnRuleGroup.FieldToMatchProperty;

/** Decodings WAF applies before it compares, in this order (aws-facts 7, API_TextTransformation). */
export type Transformation =
  | 'LOWERCASE'
  | 'URL_DECODE'
  | 'NORMALIZE_PATH'
  | 'HTML_ENTITY_DECODE'
  | 'JS_DECODE';

export const URI_PATH: Field = { uriPath: {} };
export const METHOD: Field = { method: {} };
export const QUERY_STRING: Field = { queryString: {} };

/** The body; past what WAF is given of it, the statement counts as matched. */
export const BODY_OR_MORE: Field = { body: { oversizeHandling: 'MATCH' } };

/** The body, as far as WAF is given it. The size rules answer for the rest. */
export const BODY: Field = { body: { oversizeHandling: 'CONTINUE' } };

/** `singleHeader` is untyped in the L1 and not converted: the key is in Pascal case (aws-facts 7.15). */
export const header = (name: string): Field => ({ singleHeader: { Name: name } });

/** Names of all headers; a request with more headers than WAF reads counts as matched. */
export const HEADER_NAMES: Field = {
  headers: { matchPattern: { all: {} }, matchScope: 'KEY', oversizeHandling: 'MATCH' },
};

/** Names of all members of a JSON body, however deep; a body that is no JSON is read as text. */
export const JSON_NAMES: Field = {
  jsonBody: {
    matchPattern: { all: {} },
    matchScope: 'KEY',
    invalidFallbackBehavior: 'EVALUATE_AS_STRING',
    oversizeHandling: 'CONTINUE',
  },
};

/** Matches what `regexString` finds anywhere in the field. */
export function matches(
  fieldToMatch: Field,
  regexString: string,
  ...transformations: readonly Transformation[]
): Statement {
  return {
    regexMatchStatement: {
      fieldToMatch,
      regexString,
      textTransformations: transformationList(transformations),
    },
  };
}

/**
 * Matches what a regular expression in lower case finds in the field, in whatever case it was written.
 *
 * Both cases stand in the expression, since a transformation to lower case costs ten capacity units and whether WAF
 * knows `(?i)` is told both ways; only where there is no room for them is the field transformed.
 */
export function matchesAnyCase(
  fieldToMatch: Field,
  lowerCase: string,
  ...transformations: readonly Transformation[]
): Statement {
  const regexString = inBothCases(lowerCase);

  return regexString.length <= MAXIMUM_PATTERN
    ? matches(fieldToMatch, regexString, ...transformations)
    : matches(fieldToMatch, lowerCase, ...transformations, 'LOWERCASE');
}

/** Matches a field that is exactly `searchString`. */
export function equals(fieldToMatch: Field, searchString: string): Statement {
  return {
    byteMatchStatement: {
      fieldToMatch,
      searchString,
      positionalConstraint: 'EXACTLY',
      textTransformations: transformationList([]),
    },
  };
}

/** Matches a field longer than `size` bytes; never one that is absent. */
export function longerThan(fieldToMatch: Field, size: number): Statement {
  return {
    sizeConstraintStatement: {
      fieldToMatch,
      comparisonOperator: 'GT',
      size,
      textTransformations: transformationList([]),
    },
  };
}

/** True of requests that carry the header with a value. */
export const hasHeader = (name: string): Statement => longerThan(header(name), 0);

export const not = (statement: Statement): Statement => ({ notStatement: { statement } });

/** WAF wants two statements or more within And and Or; one alone stands for itself. */
export const all = (first: Statement, ...rest: readonly Statement[]): Statement =>
  rest.length === 0 ? first : { andStatement: { statements: [first, ...rest] } };

export const any = (first: Statement, ...rest: readonly Statement[]): Statement =>
  rest.length === 0 ? first : { orStatement: { statements: [first, ...rest] } };

/** `any` of a list that may be empty, which matches nothing and so is no statement. */
export function anyOf(statements: readonly Statement[]): Statement | undefined {
  const [first, ...rest] = statements;

  return first && any(first, ...rest);
}

export const hasLabel = (key: string): Statement => ({ labelMatchStatement: { scope: 'LABEL', key } });

export function transformationList(transformations: readonly Transformation[]) {
  const types: readonly string[] = transformations.length === 0 ? ['NONE'] : transformations;

  return types.map((type, priority) => ({ priority, type }));
}
