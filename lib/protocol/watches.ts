/** Name of the environment variable that holds what a watching function must know, as JSON. */
export const WATCH_CONFIGURATION = 'WATCH_CONFIGURATION';

/** File beside the code with the ids of sensitive operations, as a JSON array: the environment has no room for many. */
export const SENSITIVE_OPERATIONS_FILE = 'operations.json';

/** What the function knows that looks for API keys that end soon. */
export interface KeyExpiryConfiguration {
  readonly apiId: string;
  readonly table: string;
  /** Seconds before its end at which a key is told of. */
  readonly withinSeconds: number;
}

/** What the function knows that looks for new users of sensitive operations. */
export interface SensitiveUseConfiguration {
  readonly apiId: string;
  readonly logGroup: string;
  /** Seconds from one run to the next. */
  readonly everySeconds: number;
  /** Seconds after which a caller is forgotten. */
  readonly memorySeconds: number;
}
