import type { ParameterRule } from '../../lib/protocol/parameter-rules';

/** The parts of an authorizer's event that parameters are read from. */
export interface ParameterRequest {
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  /** As REST events have them: names and values already percent-decoded. */
  readonly query: Readonly<Record<string, readonly string[] | undefined>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
}

export interface ParameterViolation {
  readonly in: ParameterRule['in'];
  /** Declared name; for an undeclared one only where it stands. Never a value. */
  readonly name: string;
  readonly reason: 'MISSING' | 'UNKNOWN' | 'REPEATED' | 'MALFORMED' | 'INVALID';
}

/** Rules made ready once, at load. */
export interface PreparedParameters {
  readonly rules: readonly ParameterRule[];
}

export function prepareParameters(rules: readonly ParameterRule[]): PreparedParameters {
  return { rules };
}

/** The first violation, or undefined. */
export function judgeParameters(
  { rules }: PreparedParameters,
  { pathParameters, query, headers }: ParameterRequest,
): ParameterViolation | undefined {
  for (const rule of rules) {
    const values = {
      path: [pathParameters[rule.name]],
      query: query[rule.name],
      header: headers[rule.name],
      cookie: undefined,
    };
    if (rule.required && values[rule.in]?.[0] === undefined) {
      return { in: rule.in, name: rule.name, reason: 'MISSING' };
    }
  }
  return undefined;
}
