import type { OperationPolicy, Policy } from '../protocol/policy';
import type { CompiledOperation } from './compiled-operation';
import type { SecurityScheme } from './security-schemes';
import { fixedTextsBeside, readFixedTexts } from './unify-paths';

/** Writes what the authorizer is told. */
export function emitPolicy(
  operations: readonly CompiledOperation[],
  schemes: readonly SecurityScheme[],
): Policy {
  const texts = readFixedTexts(operations.map(({ gatewayPath }) => gatewayPath.path));
  return {
    version: 1,
    schemes: Object.fromEntries(schemes.map(({ name, location }) => [name, location])),
    operations: Object.fromEntries(
      operations.map((compiled) => [
        `${compiled.operation.method} ${compiled.gatewayPath.path}`,
        operationPolicy(compiled, fixedTextsBeside(compiled.gatewayPath, texts)),
      ]),
    ),
  };
}

function operationPolicy(
  compiled: CompiledOperation,
  fixed: Readonly<Record<string, readonly string[]>>,
): OperationPolicy {
  const { settings, gatewayPath, body } = compiled;
  const { roles, owner, rateLimit } = settings;
  const by = rateLimit?.value.by;
  const isPublic = compiled.security.alternatives.length === 0;
  return {
    id: compiled.id,
    backend: compiled.backend,
    security: compiled.security.alternatives,
    ...(roles && !isPublic ? { roles: roles.value } : {}),
    ...(owner && !isPublic ? { owner: owner.value } : {}),
    ...(rateLimit && by
      ? {
          rateLimit: {
            // what a path or the whole document says once is counted once
            ...(rateLimit.level === 'operation' ? {} : { scope: rateLimit.place.pointer }),
            limit: rateLimit.value.limit,
            perSeconds: rateLimit.value.perSeconds,
            by,
          },
        }
      : {}),
    ...(body ? { mediaTypes: body.content.map(({ mediaType }) => mediaType) } : {}),
    contract: settings.contract?.value ?? 'enforce',
    parameters: compiled.parameters,
    ...(Object.keys(gatewayPath.declaredNames).length > 0 ? { pathNames: gatewayPath.declaredNames } : {}),
    ...(Object.keys(fixed).length > 0 ? { fixedTexts: fixed } : {}),
  };
}
