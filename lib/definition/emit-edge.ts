import type { EdgePlan, MethodThrottle, OperationRef, SizeClass } from './compiled-api';
import type { CompiledOperation } from './compiled-operation';

const LOGIN = /(^|[^a-z])(log-?in|sign-?in|token|authenticate|password|otp|session)s?($|[^a-z])/i;

/** Writes what the web ACL is told. */
export function emitEdge(operations: readonly CompiledOperation[]): EdgePlan {
  const withBody = operations.filter(({ body }) => body);
  const ofClass = (sizeClass: SizeClass) =>
    withBody.filter(({ body }) => body?.sizeClass === sizeClass).map(operationRef);
  return {
    mediaTypes: [
      ...new Set(withBody.flatMap(({ body }) => body?.content.map(({ mediaType }) => mediaType) ?? [])),
    ].sort(),
    sizeClasses: { '16': ofClass('16'), '32': ofClass('32'), '64': ofClass('64') },
    uninspected: withBody.flatMap((compiled) => {
      const reason = compiled.body?.uninspected;
      return reason === undefined ? [] : [{ ...operationRef(compiled), reason }];
    }),
    loginOperations: operations.filter(isLogin).map(operationRef),
    onlyFrom: operations.flatMap((compiled) => {
      const { onlyFrom } = compiled.settings;
      return onlyFrom ? [{ ...operationRef(compiled), set: onlyFrom.value }] : [];
    }),
  };
}

/** Writes what the stage is told. */
export function emitThrottles(operations: readonly CompiledOperation[]): MethodThrottle[] {
  return operations.flatMap((compiled) => {
    const limit = compiled.settings.rateLimit?.value;
    if (!limit || limit.by) return [];
    const rate = limit.limit / limit.perSeconds;
    return [{ ...operationRef(compiled), rate, burst: Math.max(1, Math.ceil(rate)) }];
  });
}

/** Where an operation stands in the gateway. */
export function operationRef({ operation, gatewayPath }: CompiledOperation): OperationRef {
  return { method: operation.method, path: gatewayPath.path };
}

/** Public, takes a body, and is named like one: there guesses at passwords are made. */
function isLogin({ operation, id, security, body, settings }: CompiledOperation): boolean {
  return (
    operation.method === 'POST' &&
    body !== undefined &&
    security.alternatives.length === 0 &&
    settings.rateLimit === undefined &&
    (LOGIN.test(operation.path) || LOGIN.test(id.replaceAll(/([a-z])([A-Z])/g, '$1-$2')))
  );
}
