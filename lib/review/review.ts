import { GatewayConfigurationError } from '../errors';
import type { ReviewFinding } from './finding';
import { deploymentsOf } from './model/conditions';
import type { StackTemplate } from './model/template';
import { World } from './model/world';
import { forgeableIdentity } from './rules/forgeable-identity';
import { openOperation } from './rules/open-operation';
import { plainHttp } from './rules/plain-http';
import { sideDoor } from './rules/side-door';
import { unloggedStage } from './rules/unlogged-stage';
import { unread } from './rules/unread';
import { wildcardCors } from './rules/wildcard-cors';

/** What a review looks at beside the gateway and its backends. */
export interface ReviewOptions {
  /** Logical ids or construct paths of data stores that only the backends may reach. @default - none */
  readonly dataStores?: readonly string[];
}

/** Names of all rules, in the order they run. */
export const REVIEW_RULES = [
  'open-operation',
  'forgeable-identity',
  'side-door',
  'plain-http',
  'wildcard-cors',
  'unlogged-stage',
  'unread',
] as const;

/**
 * Answers the design review's questions from templates alone. Several stacks are reviewed together.
 *
 * Throws a `GatewayConfigurationError` if there is no such data store.
 */
export function review(
  templates: readonly StackTemplate[],
  { dataStores = [] }: ReviewOptions = {},
): ReviewFinding[] {
  const world = new World(templates);
  const stores = dataStores.map((name) => {
    const store = world.find(name);
    if (!store) throw noStore(name);
    return store;
  });

  const byOutcome = deploymentsOf(templates).map((deployment) => {
    const settled = new World(deployment);
    return {
      before: [...openOperation(settled), ...forgeableIdentity(settled)],
      after: [
        ...plainHttp(settled),
        ...wildcardCors(settled),
        ...unloggedStage(settled),
        ...unread(settled, templates),
      ],
    };
  });

  return [
    ...together(byOutcome.map(({ before }) => before)),
    // doors are looked for behind all branches at once
    ...sideDoor(world, stores),
    ...together(byOutcome.map(({ after }) => after)),
  ];
}

function noStore(name: string): GatewayConfigurationError {
  return new GatewayConfigurationError([
    {
      code: 'NO_DATA_STORE',
      at: 'review',
      message: `there is no resource ${JSON.stringify(name)} in the templates`,
      remedy: 'give the logical id or the construct path of one',
    },
  ]);
}

/** What some outcomes of the template's conditions show only, the deployment decides. */
function together(outcomes: readonly ReviewFinding[][]): ReviewFinding[] {
  const found = new Map<string, { readonly finding: ReviewFinding; readonly count: number }>();
  for (const finding of outcomes.flat()) {
    const key = JSON.stringify(finding);
    found.set(key, { finding, count: (found.get(key)?.count ?? 0) + 1 });
  }
  return [...found.values()].map(({ finding, count }) =>
    count >= outcomes.length
      ? finding
      : { ...finding, certainty: 'unknown', message: `${finding.message}, if a condition says so` },
  );
}
