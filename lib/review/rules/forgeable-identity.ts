import { IDENTITY_HEADERS } from '../../protocol/identity-headers';
import { findingAt, type ReviewFinding } from '../finding';
import { type BodyOperation, isOurs, operationsOf } from '../model/api-body';
import { at, fieldsOf, type Resource } from '../model/template';
import type { World } from '../model/world';

const PREFIX = 'integration.request.header.';

/** By header in lower case, what a backend may get in it. */
const SOURCES: ReadonlyMap<string, readonly string[]> = new Map([
  ...Object.entries(IDENTITY_HEADERS).map(([key, header]): [string, string[]] => [
    header.toLowerCase(),
    [`context.authorizer.${key}`],
  ]),
  ['authorization', ['context.authorizer.identity', "'-'"]],
]);

/**
 * An operation of a gateway of ours that hands a header on who calls to its backend as the caller sent it: one of
 * the mappings was overridden or lost.
 */
export function forgeableIdentity(world: World): ReviewFinding[] {
  return world
    .ofType('AWS::ApiGateway::RestApi')
    .filter(isOurs)
    .flatMap((api) =>
      operationsOf(api)
        .filter(reachesBackend)
        .flatMap((operation) => forgeableIn(api, operation)),
    );
}

/** What the gateway answers itself and its own functions have no use for an identity. */
function reachesBackend({ integration }: BodyOperation): boolean {
  return /^http/i.test(String(integration['type']));
}

function forgeableIn(api: Resource, { name, path, method, integration }: BodyOperation): ReviewFinding[] {
  const mapped = new Map(
    Object.entries(fieldsOf(at(integration, 'requestParameters'))).map(([target, source]) => [
      target.toLowerCase(),
      source,
    ]),
  );

  return [...SOURCES]
    .filter(([header, sources]) => !sources.includes(String(mapped.get(`${PREFIX}${header}`))))
    .map(([header]) =>
      findingAt(api, {
        rule: 'forgeable-identity',
        location: `Properties.Body.paths.${path}.${method}`,
        message: `${name} does not hand its backend the gateway's own ${header}`,
        remedy: 'leave that mapping as the gateway makes it: a backend could not tell its callers apart',
      }),
    );
}
