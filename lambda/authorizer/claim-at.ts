import { isJsonObject, type JsonObject } from './jwt/json-object';

/** The claim of this name; `a.b` reaches into `a` where there is no claim `a.b`. */
export function claimAt(claims: JsonObject, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];

  const dot = name.indexOf('.');
  if (dot === -1) return undefined;
  const inner = claimAt(claims, name.slice(0, dot));
  return isJsonObject(inner) ? claimAt(inner, name.slice(dot + 1)) : undefined;
}
