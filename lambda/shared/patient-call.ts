import { type AwsCall, AwsCallError } from './aws-call';

/** For the call and everything it takes: a caller must have an answer within a second. */
const TIME_LIMIT_MILLIS = 800;

/** No call lasts as long. One that does was frozen with the function, and it is not known whether it will end well. */
export const LONGER_THAN_ANY_CALL_MILLIS = TIME_LIMIT_MILLIS + 50;

/** For one attempt: a server that does not answer by then is asked again. */
const ATTEMPT_MILLIS = 350;

const ATTEMPTS = 3;
const PAUSE_MILLIS = 25;

/** What a service answers when it might do better the next time; so says the SDK's standard retry mode. */
const TRANSIENT = new Set([
  'InternalServerError',
  'InternalServiceError',
  'InternalFailure',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** How long is waited, where nobody waits for an answer at the other end. */
export interface PatienceOptions {
  readonly timeLimitMillis?: number;
  readonly attemptMillis?: number;
}

/**
 * The same call, tried again where that may help: another connection, another moment. Only for calls that
 * may be repeated. A connection that died while the function was frozen is the commonest reason.
 */
export function patiently(
  call: AwsCall,
  random: () => number = Math.random,
  { timeLimitMillis = TIME_LIMIT_MILLIS, attemptMillis = ATTEMPT_MILLIS }: PatienceOptions = {},
): AwsCall {
  return async (operation, input) => {
    const deadline = AbortSignal.timeout(timeLimitMillis);

    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call(operation, input, AbortSignal.any([deadline, AbortSignal.timeout(attemptMillis)]));
      } catch (error) {
        if (attempt === ATTEMPTS || deadline.aborted || !isTransient(error)) throw error;
      }
      // the more there are who try again, the more they are spread
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS * attempt * (0.5 + random())));
    }
  };
}

// anything that is no answer of the service is the network's
function isTransient(error: unknown): boolean {
  return !(error instanceof AwsCallError) || TRANSIENT.has(error.type) || error.type.startsWith('status 5');
}
