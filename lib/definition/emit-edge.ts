import type { EdgePlan, MethodThrottle, OperationRef, SizeClass } from './compiled-api';
import type { CompiledOperation } from './compiled-operation';

const LOGIN = /(^|[^a-z])(log-?in|sign-?in|token|authenticate|password|otp|session)s?($|[^a-z])/i;

/** Why the web ACL leaves the bodies of an operation alone whose contract is only observed. */
const OBSERVED = 'contract: observe';

/** Writes what the web ACL is told. */
export function emitEdge(operations: readonly CompiledOperation[]): EdgePlan {
  const withBody = operations.filter(({ body }) => body);
  const ofClass = (sizeClass: SizeClass) =>
    withBody
      .filter((compiled) => compiled.body?.sizeClass === sizeClass && !isObserved(compiled))
      .map(operationRef);
  return {
    // the web ACL cannot tell operations apart by media type, so one that is observed opens all
    mediaTypes: operations.some(isObserved) ? ['*/*'] : mediaTypes(withBody),
    bodies: operations.filter((compiled) => compiled.body ?? isObserved(compiled)).map(operationRef),
    sizeClasses: { '16': ofClass('16'), '32': ofClass('32'), '64': ofClass('64') },
    uninspected: withBody.flatMap((compiled) => {
      const reason = unmeasured(compiled);
      return reason === undefined ? [] : [{ ...operationRef(compiled), reason }];
    }),
    // clients that sign in or refresh by a body go on doing so while the contract is only observed
    credentialBodies: operations
      .filter((compiled) => isObserved(compiled) || (compiled.body && compiled.settings.credentialsInBody))
      .map(operationRef),
    loginOperations: operations.filter(isLogin).map(operationRef),
    onlyFrom: operations.flatMap((compiled) => {
      const { onlyFrom } = compiled.settings;
      return onlyFrom ? [{ ...operationRef(compiled), set: onlyFrom.value }] : [];
    }),
  };
}

function mediaTypes(withBody: readonly CompiledOperation[]): string[] {
  return [
    ...new Set(withBody.flatMap(({ body }) => body?.content.map(({ mediaType }) => mediaType) ?? [])),
  ].sort();
}

function unmeasured(compiled: CompiledOperation): string | undefined {
  if (isObserved(compiled)) return OBSERVED;
  return compiled.body?.sizeClass ? undefined : compiled.body?.uninspected;
}

function isObserved({ settings }: CompiledOperation): boolean {
  return settings.contract?.value === 'observe';
}

/** Writes what the stage is told. */
export function emitThrottles(operations: readonly CompiledOperation[]): MethodThrottle[] {
  return operations.flatMap((compiled) => {
    const limit = compiled.settings.rateLimit?.value;
    if (!limit || limit.by) return [];
    // as many at once as the limit says: a smaller bucket would refuse what the document allows
    return [
      {
        ...operationRef(compiled),
        rate: limit.limit / limit.perSeconds,
        burst: limit.limit,
      },
    ];
  });
}

/** Where an operation stands in the gateway. */
export function operationRef({ operation, gatewayPath }: CompiledOperation): OperationRef {
  return { method: operation.method, path: gatewayPath.path };
}

/**
 * Public, takes a body, and is named like one: there guesses at passwords are made. A throttle of all callers
 * together does not hinder one who guesses.
 */
function isLogin({ operation, id, security, body, settings }: CompiledOperation): boolean {
  return (
    operation.method === 'POST' &&
    body !== undefined &&
    security.alternatives.length === 0 &&
    settings.rateLimit?.value.by === undefined &&
    (LOGIN.test(operation.path) || LOGIN.test(id.replaceAll(/([a-z])([A-Z])/g, '$1-$2')))
  );
}
