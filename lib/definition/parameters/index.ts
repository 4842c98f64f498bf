import type { ParameterRule } from '../../protocol/parameter-rules';
import type { Sourced } from '../source';
import { collectParameters } from './collect-parameters';
import { compileParameter } from './compile-parameter';
import type { ParameterContext } from './context';
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
  return collectParameters(pathItem, operation, context).map((parameter) => {
    findUnbounded(parameter, context);
    return compileParameter(parameter, context);
  });
}
