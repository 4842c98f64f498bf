import type { ParameterRule } from '../../protocol/parameter-rules';
import type { Sourced } from '../source';
import { collectParameters } from './collect-parameters';
import { compileParameter } from './compile-parameter';
import type { ParameterContext } from './context';
import { findCookies } from './find-cookies';
import { findSharedNames } from './find-shared-names';
import { findUnbounded } from './find-unbounded';

export type { ParameterContext } from './context';

/**
 * The rules for the parameters of one operation, those of its path item included.
 *
 * What the authorizer cannot hold with the document's meaning is weakened and reported as NOT_ENFORCED;
 * nothing is held more strictly than the document says.
 */
export function compileParameters(
  pathItem: Sourced,
  operation: Sourced,
  context: ParameterContext,
): ParameterRule[] {
  const rules = collectParameters(pathItem, operation, context).map((parameter) => {
    findUnbounded(parameter, context);
    const rule = compileParameter(parameter, context);
    findCookies(parameter, rule, context);
    return rule;
  });
  findSharedNames(rules, context);
  return rules;
}
