import { InjectionDetection } from '../edge-options';
import type { RuleContext, RuleDraft } from '../rule-draft';
import {
  any,
  type Field,
  JSON_NAMES,
  matches,
  QUERY_STRING,
  type Statement,
  type Transformation,
  transformationList,
  URI_PATH,
} from '../statement';

/**
 * `..` between what separates segments, or arguments in a query. The field is decoded once; what was encoded twice is
 * then encoded still.
 */
const PARENT_SEGMENT =
  '(^|[/\\\\=]|%(2[fF]|5[cC]|3[dD]))(\\.|%2[eE]){2}([/\\\\&;]|%(2[fF]|5[cC]|26|3[bB])|$)';

/** Operators that change what a query of MongoDB and its like selects. To them `$WHERE` is none. */
const OPERATORS =
  '\\$(where|expr|function|accumulator|eq|ne|gte?|lte?|n?in|and|or|not|nor|exists|type|regex|mod|all|elem[mM]atch|size|json[sS]chema)';

/** `..` is never part of a path we route, decoded once or twice. */
export function traversal(): RuleDraft[] {
  return [
    {
      statement: any(
        matches(URI_PATH, PARENT_SEGMENT, 'URL_DECODE'),
        matches(QUERY_STRING, PARENT_SEGMENT, 'URL_DECODE'),
      ),
    },
  ];
}

/** No declared name begins with an operator; in a query it stands alone or in brackets. */
export function nosqlOperators(): RuleDraft[] {
  return [
    {
      statement: any(
        // to API Gateway a semicolon separates too (aws-facts 4.18)
        matches(QUERY_STRING, `(^|[&;\\[.])${OPERATORS}[\\]=&;.]`, 'URL_DECODE'),
        matches(JSON_NAMES, `(^|["'.])${OPERATORS}($|["'.])`, 'JS_DECODE'),
      ),
    },
  ];
}

/** SQL injection, by the detection that is part of AWS WAF. */
export function ownSqlInjection({ settings }: RuleContext): RuleDraft[] {
  if (settings.injection !== InjectionDetection.OWN) return [];

  return [
    {
      statement: inspected((inspection) => ({
        sqliMatchStatement: { ...inspection, sensitivityLevel: 'LOW' },
      })),
    },
  ];
}

/** Cross-site scripting, by the detection that is part of AWS WAF. */
export function ownCrossSiteScripting({ settings }: RuleContext): RuleDraft[] {
  if (settings.injection !== InjectionDetection.OWN) return [];

  return [{ statement: inspected((inspection) => ({ xssMatchStatement: inspection })) }];
}

interface Inspection {
  readonly fieldToMatch: Field;
  readonly textTransformations: ReturnType<typeof transformationList>;
}

/** Values of a JSON body, decoded as JSON; any other body as it is. */
const JSON_VALUES: Field = {
  jsonBody: {
    matchPattern: { all: {} },
    matchScope: 'VALUE',
    invalidFallbackBehavior: 'EVALUATE_AS_STRING',
    oversizeHandling: 'CONTINUE',
  },
};

function inspected(toStatement: (inspection: Inspection) => Statement): Statement {
  const inspect = (fieldToMatch: Field, ...transformations: readonly Transformation[]) =>
    toStatement({ fieldToMatch, textTransformations: transformationList(transformations) });

  return any(
    inspect(QUERY_STRING, 'URL_DECODE', 'HTML_ENTITY_DECODE'),
    inspect(URI_PATH, 'URL_DECODE'),
    inspect(JSON_VALUES, 'URL_DECODE', 'HTML_ENTITY_DECODE'),
  );
}
