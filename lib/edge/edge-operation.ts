/**
 * An operation of the API, as the gateway's paths have it.
 */
export interface EdgeOperation {
  /**
   * For example `/orders/{orderId}`; `{name+}` stands for the rest of a path.
   */
  readonly path: string;

  /**
   * For example `POST`.
   *
   * @default - any method
   */
  readonly method?: string;
}

/**
 * How large a body AWS WAF is given to inspect, and so how large one may be.
 */
export enum BodySize {
  KB_16 = 16,
  KB_32 = 32,
  KB_64 = 64,
}

/**
 * The size of an operation's largest body. One of 16 KB need not be listed, unless its path reads as that of a larger
 * one too: `/files/index` beside `/files/{name}`.
 */
export interface EdgeBodySize extends EdgeOperation {
  /**
   * The smallest class that holds the operation's largest body.
   */
  readonly size: BodySize;
}

/**
 * An operation open to one named set of networks only.
 */
export interface EdgeRestriction extends EdgeOperation {
  /**
   * Name of a set in `networks`.
   */
  readonly networks: string;
}

/**
 * API keys of one form: `<prefix>_<environment>_` and 50 characters. An `ApiKeyStore` is one.
 */
export interface EdgeApiKeyKind {
  /**
   * For example `sk`.
   */
  readonly prefix: string;

  /**
   * For example `live`.
   */
  readonly environment: string;
}
