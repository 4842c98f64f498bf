import { ABSENT } from '../../lib/protocol/identity-headers';
import type { OperationPolicy } from '../../lib/protocol/policy';
import type { AuthorizerRequest } from './authorizer-request';
import type { CredentialPlaces } from './misplaced-credential';
import type { PreparedParameters } from './parameters';

/** An operation's contract, made ready. */
export interface Contract
  extends Pick<OperationPolicy, 'fixedTexts' | 'mediaTypes' | 'parameters' | 'pathNames'> {
  prepared?: PreparedParameters;
}

/** How a request breaks the contract; names, never values. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
  /** Refused even where the contract is only observed. */
  readonly always?: boolean;
}

/** Of its own, for what is made ready later is kept with it. */
export function prepareContract(operation: OperationPolicy): Contract {
  return { ...operation };
}

export function judgeContract(contract: Contract, request: AuthorizerRequest): Violation | undefined {
  const { mediaTypes, parameters } = contract;
  // with nothing declared, only what is not declared could be wrong
  const isNothing = mediaTypes === undefined && parameters.length === 0;
  if (isNothing && isEmpty(request.query) && isEmpty(request.pathParameters)) return undefined;

  return contractJudge().judge(contract, request);
}

/** The `Cookie` header the backend gets, or what is wrong with the caller's. */
export function cookiesOf(
  contract: Contract,
  places: CredentialPlaces,
  request: AuthorizerRequest,
): string | Violation {
  const lines = request.headers['cookie'];
  if (lines === undefined || contract.parameters.length === 0) return ABSENT;

  return contractJudge().declaredCookies(contract, lines, places, request);
}

// a file of its own in the bundle, loaded with the first request that needs it
function contractJudge(): typeof import('./contract-judge') {
  return require('./contract-judge');
}

function isEmpty(values: object): boolean {
  for (const _ in values) return false;
  return true;
}
