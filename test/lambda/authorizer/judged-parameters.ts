import {
  judgeParameters,
  type ParameterRequest,
  prepareParameters,
} from '../../../lambda/authorizer/parameters';
import type { ParameterRule } from '../../../lib/protocol/parameter-rules';
import { compile } from '../../definition/parameters/document';

const EMPTY: ParameterRequest = { pathParameters: {}, query: {}, headers: {} };

/** What is wrong with a request by the rules of its parameters; nothing where it keeps them. */
export function judge(rules: readonly ParameterRule[], request: Partial<ParameterRequest>) {
  return judgeParameters(prepareParameters(rules), { ...EMPTY, ...request });
}

/** The rules of declared parameters, as the library compiles them. */
export function rulesOf(...parameters: object[]): ParameterRule[] {
  const { rules, problems } = compile(parameters);
  expect(problems).toEqual([]);
  return rules;
}

export const query = (name: string, schema: object, rest: object = {}) => ({
  name,
  in: 'query',
  schema,
  ...rest,
});
