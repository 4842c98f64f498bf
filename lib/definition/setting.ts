import type { ExactLimit } from '../protocol/policy';
import type { Sourced } from './source';

/** A value of `x-gateway` that applies to an operation, and where it was written. */
export interface Setting<T> {
  readonly value: T;
  readonly place: Sourced;
  readonly level: 'root' | 'path' | 'operation';
}

/** What `x-gateway` can say, each key parsed. */
export interface ExtensionValues {
  readonly backend: string;
  /** The reason the operation is open to anyone. */
  readonly public: string;
  readonly roles: readonly string[];
  readonly owner: { readonly parameter: string; readonly claim: string };
  readonly rateLimit: RateLimit;
  /** In bytes. */
  readonly maxBody: number;
  /** The reason the body is not inspected. */
  readonly uninspected: string;
  /** The reason the body may hold credentials. */
  readonly credentialsInBody: string;
  /** In milliseconds. */
  readonly timeout: number;
  readonly contract: 'enforce' | 'observe';
  readonly cors: Cors;
  /** Name of an IP set. */
  readonly onlyFrom: string;
  readonly audit: 'sensitive';
}

export interface RateLimit {
  readonly limit: number;
  readonly perSeconds: number;
  readonly by?: ExactLimit['by'];
}

export interface Cors {
  readonly origins: readonly string[];
  readonly headers: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly credentials: boolean;
  readonly maxAgeSeconds: number;
}

/** The settings of one operation, inherited ones included. */
export type Settings = { readonly [Key in keyof ExtensionValues]?: Setting<ExtensionValues[Key]> };
