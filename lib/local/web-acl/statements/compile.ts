import { isObject, type Json, listOf, objectOf, textOf } from '../../template/read';
import { type Compilation, invalid, type Matcher, notRun } from '../evaluation';
import { inspectInjection } from './inspect';
import { labelMatch } from './label';
import { rateBased } from './rate-based';
import { asnMatch, geoMatch, ipSetReference } from './source';
import { byteMatch, regexMatch, regexPatternSet, sizeConstraint } from './text';

type Compile = (statement: Json, compilation: Compilation) => Matcher;

/** Statements that may stand within others. */
const NESTABLE: Readonly<Record<string, Compile>> = {
  AndStatement: combined(false),
  OrStatement: combined(true),
  NotStatement: ({ Statement }, compilation) => {
    const matches = compileNested(Statement, compilation);
    return (evaluation) => {
      const { trace } = evaluation;
      const before = trace.details.length;
      const matched = matches(evaluation);
      // what was found is no reason where its contrary is asked for
      trace.details.length = before;
      return matched === undefined ? undefined : !matched;
    };
  },
  AsnMatchStatement: asnMatch,
  ByteMatchStatement: byteMatch,
  GeoMatchStatement: geoMatch,
  IPSetReferenceStatement: ipSetReference,
  LabelMatchStatement: labelMatch,
  RegexMatchStatement: regexMatch,
  RegexPatternSetReferenceStatement: regexPatternSet,
  SizeConstraintStatement: sizeConstraint,
  SqliMatchStatement: (statement, compilation) => {
    const { detectors } = compilation;
    if (!detectors) return notRun(compilation, 'SqliMatch (libmodsecurity3 is not installed)');
    return inspectInjection(statement, compilation, {
      type: 'SQL_INJECTION',
      sensitivity: textOf(statement['SensitivityLevel']) ?? 'LOW',
      detect: detectors.sqlInjection,
    });
  },
  XssMatchStatement: (statement, compilation) => {
    const { detectors } = compilation;
    if (!detectors) return notRun(compilation, 'XssMatch (libmodsecurity3 is not installed)');
    return inspectInjection(statement, compilation, {
      type: 'XSS',
      detect: detectors.crossSiteScripting,
    });
  },
};

/** The statement of a rule; groups are not statements here but rules of their own. */
export function compileStatement(statement: unknown, compilation: Compilation): Matcher {
  const { RateBasedStatement: rate } = objectOf(statement);
  if (!isObject(rate)) return compileNested(statement, compilation);
  const scope = rate['ScopeDownStatement'];

  return rateBased(rate, compilation, scope === undefined ? undefined : compileNested(scope, compilation));
}

/** A statement that may stand within others: no rates and no groups (aws-facts 7.7). */
export function compileNested(statement: unknown, compilation: Compilation): Matcher {
  const [[kind, settings] = ['', undefined], another] = Object.entries(objectOf(statement));
  const compile = another ? undefined : NESTABLE[kind];
  if (!compile) {
    return invalid(
      compilation,
      `a statement must be exactly one known kind that may stand there, got ${JSON.stringify(Object.keys(objectOf(statement)))}`,
      'use one of the statements of AWS WAF',
    );
  }

  return compile(objectOf(settings), compilation);
}

/** And ends with the first false, Or with the first true; else one that nobody can judge leaves it open. */
function combined(decisive: boolean): Compile {
  return ({ Statements }, compilation) => {
    const matchers = listOf(Statements).map((statement) => compileNested(statement, compilation));
    if (matchers.length < 2) {
      return invalid(compilation, 'And and Or need two statements or more', 'use the only one alone');
    }

    return (evaluation) => {
      let open = false;
      for (const matches of matchers) {
        const matched = matches(evaluation);
        if (matched === decisive) return decisive;
        if (matched === undefined) open = true;
      }
      return open ? undefined : !decisive;
    };
  };
}
