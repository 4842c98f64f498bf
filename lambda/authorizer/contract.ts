import type { OperationPolicy } from '../../lib/protocol/policy';
import type { AuthorizerRequest } from './authorizer-request';
import { acceptsMediaType } from './media-types';
import { judgeParameters, type PreparedParameters, prepareParameters } from './parameters';

/** An operation's contract, made ready. */
export interface Contract {
  readonly mediaTypes: readonly string[] | undefined;
  readonly parameters: PreparedParameters;
  readonly pathNames: OperationPolicy['pathNames'];
}

/** How a request breaks the contract; names, never values. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

export function prepareContract({ mediaTypes, parameters, pathNames }: OperationPolicy): Contract {
  return { mediaTypes, parameters: prepareParameters(parameters), pathNames };
}

export function judgeContract(
  { mediaTypes, parameters, pathNames }: Contract,
  request: AuthorizerRequest,
): Violation | undefined {
  if (!acceptsMediaType(mediaTypes, request)) {
    return { reason: 'UNSUPPORTED_MEDIA_TYPE', detail: 'header content-type' };
  }
  const violation = judgeParameters(parameters, declared(request, pathNames));
  return (
    violation && {
      reason: `${violation.reason}_PARAMETER`,
      detail: `${violation.in} ${violation.name}`,
    }
  );
}

function declared(request: AuthorizerRequest, pathNames: OperationPolicy['pathNames']): AuthorizerRequest {
  if (pathNames === undefined) return request;

  const pathParameters = Object.fromEntries(
    Object.entries(request.pathParameters).map(([name, value]) => [pathNames[name] ?? name, value]),
  );
  return { ...request, pathParameters };
}
