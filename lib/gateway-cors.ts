import type { Duration } from 'aws-cdk-lib';
import type { Cors } from './definition/setting';

const DEFAULT_MAXIMUM_AGE_SECONDS = 600;

/**
 * Which web pages of other origins may call.
 */
export interface CorsOptions {
  /**
   * Origins as the browser sends them, such as `https://app.example.com`. A wildcard is refused.
   */
  readonly origins: string[];

  /**
   * Headers pages may send beside `Authorization`, `Content-Type`, those of API keys and those the document describes.
   *
   * @default - no others
   */
  readonly headers?: string[];

  /**
   * Headers of answers that pages may read.
   *
   * @default - those browsers let pages read anyway
   */
  readonly exposeHeaders?: string[];

  /**
   * Whether browsers may send cookies and client certificates.
   *
   * @default false
   */
  readonly credentials?: boolean;

  /**
   * How long browsers may remember the answer.
   *
   * @default Duration.minutes(10)
   */
  readonly maxAge?: Duration;
}

/** Options of the props as the compiler takes them. */
export function corsOf({ origins, headers, exposeHeaders, credentials, maxAge }: CorsOptions): Cors {
  return {
    origins,
    headers: headers ?? [],
    exposeHeaders: exposeHeaders ?? [],
    credentials: credentials ?? false,
    maxAgeSeconds: maxAge?.toSeconds() ?? DEFAULT_MAXIMUM_AGE_SECONDS,
  };
}
