import type { ReviewFinding } from './finding';
import type { StackTemplate } from './model/template';
import { World } from './model/world';
import { forgeableIdentity } from './rules/forgeable-identity';
import { openOperation } from './rules/open-operation';
import { plainHttp } from './rules/plain-http';
import { sideDoor } from './rules/side-door';
import { unloggedStage } from './rules/unlogged-stage';
import { wildcardCors } from './rules/wildcard-cors';

/** What a review looks at beside the gateway and its backends. */
export interface ReviewOptions {
  /** Logical ids or construct paths of data stores that only the backends may reach. */
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
] as const;

/** Answers the design review's questions from templates alone. Several stacks are reviewed together. */
export function review(
  templates: readonly StackTemplate[],
  { dataStores = [] }: ReviewOptions = {},
): ReviewFinding[] {
  const world = new World(templates);
  const stores = dataStores.map((name) => {
    const store = world.find(name);
    if (!store) throw new Error(`there is no resource ${JSON.stringify(name)} in the templates`);
    return store;
  });

  return [
    ...openOperation(world),
    ...forgeableIdentity(world),
    ...sideDoor(world, stores),
    ...plainHttp(world),
    ...wildcardCors(world),
    ...unloggedStage(world),
  ];
}
