import { sentNames } from '../../lib/protocol/parameter-rules';
import type { OperationPolicy } from '../../lib/protocol/policy';
import type { AuthorizerRequest } from './authorizer-request';
import type { Contract, Violation } from './contract';
import { acceptsMediaType } from './media-types';
import { type CredentialPlaces, misplacedIn } from './misplaced-credential';
import { judgeParameters, prepareParameters } from './parameters';
import { pickCookies } from './parameters-cookies';
import { mayBeOneOf } from './parameters-path';

/** How a request breaks what its operation declares, or undefined. Made ready with the first request. */
export function judge(contract: Contract, request: AuthorizerRequest): Violation | undefined {
  return (
    judgeFixedTexts(contract, request) ??
    judgeDeclared(contract, request) ??
    judgeMediaType(contract, request)
  );
}

/** The cookies of a request that its operation declares, or what is wrong with them. */
export function declaredCookies(
  { parameters }: Contract,
  lines: readonly string[],
  places: CredentialPlaces,
  request: AuthorizerRequest,
): string | Violation {
  const names = parameters.filter((rule) => rule.in === 'cookie').flatMap(sentNames);
  // one cookie may belong to several parameters
  const text = pickCookies([...new Set(names)], lines);
  if (text === undefined) return { reason: 'MALFORMED_PARAMETER', detail: 'header cookie', always: true };
  return misplacedIn(text, 'cookie', places, request) ?? text;
}

/** A path variable written so that the backend reads the path of another operation than the one that was authorized. */
function judgeFixedTexts(
  { fixedTexts = {} }: Contract,
  { pathParameters }: AuthorizerRequest,
): Violation | undefined {
  for (const name of Object.keys(fixedTexts)) {
    const text = pathParameters[name];
    if (text === undefined || !mayBeOneOf(text, fixedTexts[name] ?? [])) continue;
    return { reason: 'MALFORMED_PARAMETER', detail: `path ${name}`, always: true };
  }
  return undefined;
}

function judgeMediaType({ mediaTypes }: Contract, request: AuthorizerRequest): Violation | undefined {
  return mediaTypes === undefined || acceptsMediaType(mediaTypes, request)
    ? undefined
    : { reason: 'UNSUPPORTED_MEDIA_TYPE', detail: 'header content-type' };
}

function judgeDeclared(contract: Contract, request: AuthorizerRequest): Violation | undefined {
  contract.prepared ??= prepareParameters(contract.parameters);
  const violation = judgeParameters(contract.prepared, declared(request, contract.pathNames));
  if (violation === undefined) return undefined;

  const { in: place, name, reason, unsafe } = violation;
  return {
    reason: `${reason}_PARAMETER`,
    detail: `${place} ${name}`,
    // the backend would see another path than the one that was authorized
    ...(unsafe ? { always: true } : {}),
  };
}

function declared(request: AuthorizerRequest, pathNames: OperationPolicy['pathNames']): AuthorizerRequest {
  if (pathNames === undefined) return request;

  const pathParameters = Object.fromEntries(
    Object.entries(request.pathParameters).map(([name, value]) => [
      Object.hasOwn(pathNames, name) ? (pathNames[name] ?? name) : name,
      value,
    ]),
  );
  return { ...request, pathParameters };
}
