import type { StackTemplate } from './template';

/** Ways in which conditions may come out: by stack, those that hold. */
type Outcome = ReadonlySet<string>;

/**
 * The templates as deployments may make of them. Of any two conditions each combination shows in one of them at
 * least, so that what hides in a branch is seen.
 */
export function deploymentsOf(templates: readonly StackTemplate[]): StackTemplate[][] {
  return outcomesOf([...new Set(templates.flatMap(conditionsOf))]).map((outcome) =>
    templates.map(({ stack, template, ...rest }) => ({
      ...rest,
      stack,
      template: {
        ...template,
        Resources: Object.fromEntries(
          Object.entries(template.Resources ?? {}).map(([id, resource]) => [
            id,
            settled(stack, resource, outcome) as typeof resource,
          ]),
        ),
      },
    })),
  );
}

/** None and all, and each condition against all others. */
function outcomesOf(conditions: readonly string[]): Outcome[] {
  const all = new Set(conditions);
  if (conditions.length === 0) return [all];

  const single = conditions.length > 1 ? conditions.map((one) => new Set([one])) : [];
  const others = single.map(([...names]) => new Set(conditions.filter((one) => !names.includes(one))));
  return [all, new Set(), ...single, ...others];
}

function conditionsOf({ stack, template }: StackTemplate): string[] {
  const names: string[] = [];
  visit(template.Resources, (condition) => names.push(keyOf(stack, condition)));
  return names;
}

function visit(value: unknown, found: (condition: string) => void): void {
  if (typeof value !== 'object' || value === null) return;

  const branches = branchesOf(value);
  if (branches) found(branches[0]);
  for (const below of Object.values(value)) visit(below, found);
}

/** Without what a condition takes away; undefined where nothing is left. */
function settled(stack: string, value: unknown, outcome: Outcome): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((one) => settled(stack, one, outcome)).filter((one) => one !== undefined);
  }
  if ((value as { Ref?: unknown }).Ref === 'AWS::NoValue') return undefined;

  const branches = branchesOf(value);
  if (branches) {
    const [condition, yes, no] = branches;
    return settled(stack, outcome.has(keyOf(stack, condition)) ? yes : no, outcome);
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, below]): [string, unknown] => [key, settled(stack, below, outcome)])
      .filter(([, below]) => below !== undefined),
  );
}

function branchesOf(value: object): readonly [string, unknown, unknown] | undefined {
  const branches = (value as { 'Fn::If'?: unknown })['Fn::If'];
  return Array.isArray(branches) && branches.length === 3
    ? [String(branches[0]), branches[1], branches[2]]
    : undefined;
}

function keyOf(stack: string, condition: string): string {
  return `${stack}.${condition}`;
}
