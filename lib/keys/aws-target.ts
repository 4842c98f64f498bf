export interface AwsTarget {
  readonly region?: string | undefined;
  /** In place of AWS's own. */
  readonly endpoint?: string | undefined;
}

const CONNECTING_MILLIS = 5_000;
const ANSWERING_MILLIS = 10_000;

/** Options of an SDK client; what does not answer is given up, by itself the SDK would wait for ever. */
export function clientOptions({ region, endpoint }: AwsTarget, answeringMillis = ANSWERING_MILLIS) {
  return {
    ...(region && { region }),
    ...(endpoint && { endpoint }),
    requestHandler: {
      connectionTimeout: CONNECTING_MILLIS,
      requestTimeout: answeringMillis,
      throwOnRequestTimeout: true,
    },
  };
}
