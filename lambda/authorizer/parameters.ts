import { ABSENT } from '../../lib/protocol/identity-headers';
import type { ParameterRule } from '../../lib/protocol/parameter-rules';
import { isUnsafeSegment } from './parameters-path';
import { type Judge, prepareRule } from './parameters-places';
import { prepareQueryNames } from './parameters-query';

/** The parts of an authorizer's event that parameters are read from. */
export interface ParameterRequest {
  /** By declared name, as REST events have them: still percent-encoded. */
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  /** As REST events have them: names and values already percent-decoded. */
  readonly query: Readonly<Record<string, readonly string[] | undefined>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
}

export interface ParameterViolation {
  readonly in: ParameterRule['in'];
  /** Declared name; `-` for an undeclared one, which is the caller's text. Never a value. */
  readonly name: string;
  /** `MALFORMED`: cannot be read as its type and style. `INVALID`: can, but breaks the schema. */
  readonly reason: 'MISSING' | 'UNKNOWN' | 'REPEATED' | 'MALFORMED' | 'INVALID';
  /** The value would leave its path segment. */
  readonly unsafe?: true;
}

/** Rules of one operation, made ready when the operation is first called. */
export interface PreparedParameters {
  readonly rules: readonly ParameterRule[];
  /** The first violation, or undefined. */
  readonly judge: (request: ParameterRequest) => ParameterViolation | undefined;
}

/** Cheap: the work is done at the first request, so that a large document costs a cold start nothing. */
export function prepareParameters(rules: readonly ParameterRule[]): PreparedParameters {
  let prepared: PreparedParameters['judge'] | undefined;
  return {
    rules,
    judge(request) {
      prepared ??= prepareJudge(rules);
      return prepared(request);
    },
  };
}

/** The first violation, or undefined. */
export function judgeParameters(
  parameters: PreparedParameters,
  request: ParameterRequest,
): ParameterViolation | undefined {
  return parameters.judge(request);
}

function prepareJudge(rules: readonly ParameterRule[]): PreparedParameters['judge'] {
  const judges: readonly { readonly rule: ParameterRule; readonly judge: Judge }[] = rules.map((rule) => ({
    rule,
    judge: prepareRule(rule, rules),
  }));
  const isDeclared = prepareQueryNames(rules);

  return (request) => {
    for (const name of Object.keys(request.pathParameters)) {
      const text = request.pathParameters[name];
      if (text !== undefined && isUnsafeSegment(text)) {
        return { in: 'path', name, reason: 'MALFORMED', unsafe: true };
      }
    }
    for (const { rule, judge } of judges) {
      const reason = judge(request);
      if (reason) return { in: rule.in, name: rule.name, reason };
    }
    for (const name of Object.keys(request.query)) {
      if (!isDeclared(name)) return { in: 'query', name: ABSENT, reason: 'UNKNOWN' };
    }
    return undefined;
  };
}
