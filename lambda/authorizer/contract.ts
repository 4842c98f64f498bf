import type { OperationPolicy } from '../../lib/protocol/policy';
import type { AuthorizerRequest } from './authorizer-request';
import type { PreparedParameters } from './parameters';

/** An operation's contract, made ready. */
export interface Contract extends Pick<OperationPolicy, 'mediaTypes' | 'parameters' | 'pathNames'> {
  prepared?: PreparedParameters;
}

/** How a request breaks the contract; names, never values. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
  /** Refused even where the contract is only observed. */
  readonly always?: true;
}

export function prepareContract({ mediaTypes, parameters, pathNames }: OperationPolicy): Contract {
  return { mediaTypes, parameters, pathNames };
}

export function judgeContract(contract: Contract, request: AuthorizerRequest): Violation | undefined {
  const violation = judgeDeclared(contract, request);
  if (violation !== undefined) return violation;

  const { mediaTypes } = contract;
  return mediaTypes === undefined || contractJudge().acceptsMediaType(mediaTypes, request)
    ? undefined
    : { reason: 'UNSUPPORTED_MEDIA_TYPE', detail: 'header content-type' };
}

function judgeDeclared(contract: Contract, request: AuthorizerRequest): Violation | undefined {
  // with nothing declared, only what is not declared could be wrong
  if (contract.parameters.length === 0 && isEmpty(request.query) && isEmpty(request.pathParameters)) {
    return undefined;
  }

  const { judgeParameters, prepareParameters } = contractJudge();
  contract.prepared ??= prepareParameters(contract.parameters);
  const violation = judgeParameters(contract.prepared, declared(request, contract.pathNames));
  if (violation === undefined) return undefined;

  const { in: place, name, reason } = violation;
  return {
    reason: `${reason}_PARAMETER`,
    detail: `${place} ${name}`,
    // the backend would see another path than the one that was authorized
    ...(place === 'path' && reason === 'MALFORMED' ? { always: true } : {}),
  };
}

function declared(request: AuthorizerRequest, pathNames: OperationPolicy['pathNames']): AuthorizerRequest {
  if (pathNames === undefined) return request;

  const pathParameters = Object.fromEntries(
    Object.entries(request.pathParameters).map(([name, value]) => [pathNames[name] ?? name, value]),
  );
  return { ...request, pathParameters };
}

// a file of its own in the bundle, loaded with the first request that needs it
function contractJudge(): typeof import('./parameters') {
  return require('./parameters');
}

function isEmpty(values: object): boolean {
  for (const _ in values) return false;
  return true;
}
