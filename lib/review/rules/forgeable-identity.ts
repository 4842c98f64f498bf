import { IDENTITY_HEADERS } from '../../protocol/identity-headers';
import { findingAt, type ReviewFinding } from '../finding';
import { type BodyOperation, isOurs, operationsOf } from '../model/api-body';
import { at, fieldsOf, listOf, type Resource } from '../model/template';
import type { World } from '../model/world';

const PREFIX = 'integration.request.header.';

const WITHHELD = "'-'";

/** By header in lower case, what a backend may get in it. */
function sourcesOf({ metadata }: Resource): ReadonlyMap<string, readonly string[]> {
  const { headers, reserved } = fieldsOf(metadata['secure-api-gateway:identity']);
  const names = { ...IDENTITY_HEADERS, ...fieldsOf(headers) };
  return new Map([
    // a usual name that is not in use any more, and that a service may still read
    ...listOf(reserved).map((name): [string, string[]] => [String(name).toLowerCase(), [WITHHELD]]),
    ...Object.entries(names).map(([key, name]): [string, string[]] => [
      String(name).toLowerCase(),
      [`context.authorizer.${key}`],
    ]),
    ['authorization', ['context.authorizer.identity', WITHHELD]],
  ]);
}

/**
 * An operation of a gateway of ours that hands a header on who calls to its backend as the caller sent it: one of
 * the mappings was overridden or lost.
 */
export function forgeableIdentity(world: World): ReviewFinding[] {
  return world
    .ofType('AWS::ApiGateway::RestApi')
    .filter(isOurs)
    .flatMap((api) => {
      const sources = sourcesOf(api);
      return operationsOf(api)
        .filter(reachesBackend)
        .flatMap((operation) => forgeableIn(api, operation, sources));
    });
}

/** What the gateway answers itself and its own functions have no use for an identity. */
function reachesBackend({ integration }: BodyOperation): boolean {
  return /^http/i.test(String(integration['type']));
}

function forgeableIn(
  api: Resource,
  { name, path, method, integration }: BodyOperation,
  expected: ReadonlyMap<string, readonly string[]>,
): ReviewFinding[] {
  const mapped = new Map(
    Object.entries(fieldsOf(at(integration, 'requestParameters'))).map(([target, source]) => [
      target.toLowerCase(),
      source,
    ]),
  );

  // what is not proxied brings only what is mapped
  const closed = /^http$/i.test(String(integration['type']));

  return [...expected]
    .filter(([header, sources]) => {
      const source = mapped.get(`${PREFIX}${header}`);
      const withheld = closed && source === undefined && sources[0] === WITHHELD;
      return !withheld && !sources.includes(String(source));
    })
    .map(([header]) =>
      findingAt(api, {
        rule: 'forgeable-identity',
        location: `Properties.Body.paths.${path}.${method}`,
        message: `${name} does not hand its backend the gateway's own ${header}`,
        remedy: 'leave that mapping as the gateway makes it: a backend could not tell its callers apart',
      }),
    );
}
