import { asObject } from '../json-pointer';
import { copyOf } from './copy';
import type { Origin, Origins } from './origins';

/**
 * Merges an update into a target, as OpenAPI Overlay says: objects key by key, lists by appending, all else by
 * replacing.
 */
export function mergeUpdate(target: object, update: unknown, origin: Origin, origins: Origins): void {
  if (Array.isArray(target)) {
    if (Array.isArray(update)) appendAll(target, update, origin, origins);
    else append(target, update, origin, origins);
    return;
  }
  for (const [key, value] of Object.entries(asObject(update) ?? {})) {
    mergeMember(target as Record<string, unknown>, key, value, below(origin, key), origins);
  }
}

function mergeMember(
  target: Record<string, unknown>,
  key: string,
  value: unknown,
  origin: Origin,
  origins: Origins,
): void {
  const present = Object.hasOwn(target, key) ? target[key] : undefined;
  if (Array.isArray(present) && Array.isArray(value)) {
    appendAll(present, value, origin, origins);
  } else if (asObject(present) && asObject(value)) {
    mergeUpdate(present as object, value, origin, origins);
  } else {
    target[key] = copyOf(value);
    origins.record(target, key, origin);
  }
}

function appendAll(target: unknown[], values: readonly unknown[], origin: Origin, origins: Origins): void {
  for (const [index, value] of values.entries()) append(target, value, below(origin, String(index)), origins);
}

function append(target: unknown[], value: unknown, origin: Origin, origins: Origins): void {
  target.push(copyOf(value));
  origins.record(target, String(target.length - 1), origin);
}

function below({ file, tokens }: Origin, key: string): Origin {
  return { file, tokens: [...tokens, key] };
}
