import { backendsOf, type Path, pathsTo } from '../doors/paths-to';
import { findingAt, type ReviewFinding } from '../finding';
import { isOurs, operationsOf } from '../model/api-body';
import type { Resource } from '../model/template';
import type { World } from '../model/world';

const RULE = 'side-door';

/** A way to a backend that does not lead through the gateway. */
export function sideDoor(world: World, dataStores: readonly Resource[] = []): ReviewFinding[] {
  const found = backendsOf(world).flatMap((backend) => pathsTo(world, backend, dataStores).map(findingOf));

  return [
    ...found,
    ...world
      .ofType('AWS::ApiGateway::RestApi')
      .filter(isOurs)
      .flatMap((api) => elsewhere(world, api)),
  ];
}

function findingOf({ origin, certainty, steps, shownBy, location }: Path): ReviewFinding {
  return findingAt(shownBy, {
    rule: RULE,
    certainty,
    location,
    message: `${origin}: ${steps.join('; ')}`,
    remedy:
      certainty === 'certain'
        ? 'close it, so that requests come through the gateway only'
        : 'look at what lies outside this template',
  });
}

/** A load balancer that no template given defines: its doors cannot be seen from here. */
function elsewhere(world: World, api: Resource): ReviewFinding[] {
  const names = operationsOf(api).flatMap(({ integration }) => {
    const { resources, literals, unknown } = world.references(integration['integrationTarget'], api.stack);
    return resources.length > 0 ? [] : [...literals, ...unknown];
  });

  return [...new Set(names)].map((name) =>
    findingAt(api, {
      rule: RULE,
      certainty: 'unknown',
      location: 'Properties.Body',
      message: `the load balancer ${name} is defined elsewhere`,
      remedy: 'review the template that defines it together with this one',
    }),
  );
}
