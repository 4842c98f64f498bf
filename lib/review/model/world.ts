import { at, type Fields, fieldsOf, type Resource, type StackTemplate } from './template';

/** What a value of a template stands for, as far as the templates tell. */
export interface References {
  readonly resources: readonly Resource[];
  /** Text of the value's strings, for values such as `sg-…` or an ARN. */
  readonly literals: readonly string[];
  /** What only a deployment knows: parameters, imports from templates that are not here, lookups at deployment. */
  readonly unknown: readonly string[];
}

const NOTHING: References = { resources: [], literals: [], unknown: [] };

/**
 * All resources of the templates given, and what refers to what, across stacks too.
 */
export class World {
  public readonly resources: readonly Resource[];

  readonly #byKey: ReadonlyMap<string, Resource>;
  readonly #exports: ReadonlyMap<string, Output>;
  readonly #outputs: readonly Output[];
  /** The resource that nests a stack, by the stack's name. */
  readonly #parents: ReadonlyMap<string, Resource>;
  #referrers: ReadonlyMap<string, readonly Resource[]> | undefined;

  constructor(templates: readonly StackTemplate[]) {
    this.resources = templates.flatMap(resourcesOf);
    this.#byKey = new Map(this.resources.map((resource) => [resource.key, resource]));
    this.#parents = new Map(
      this.resources.flatMap((resource) =>
        resource.nested === undefined ? [] : [[resource.nested, resource]],
      ),
    );
    this.#outputs = templates.flatMap(outputsOf);
    this.#exports = new Map(
      this.#outputs.flatMap((output) => (output.exportName === '' ? [] : [[output.exportName, output]])),
    );
  }

  public ofType(...types: readonly string[]): Resource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** By logical id, construct path, or `stack.logicalId`. */
  public find(name: string): Resource | undefined {
    return this.resources.find(
      ({ key, logicalId, label }) => [key, logicalId, label].includes(name) || label === `${name}/Resource`,
    );
  }

  /** Everything that `value`, as written in `stack`, stands for. */
  public references(value: unknown, stack: string): References {
    if (typeof value === 'string') return { ...NOTHING, literals: [value] };
    if (Array.isArray(value)) return merge(value.map((item) => this.references(item, stack)));
    if (typeof value !== 'object' || value === null) return NOTHING;

    const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
    if (others.length === 0) {
      const intrinsic = this.intrinsic(name, argument, stack);
      if (intrinsic) return intrinsic;
    }
    return this.references(Object.values(value), stack);
  }

  /** The resources that name `resource` in their properties. */
  public referrersOf(resource: Resource): readonly Resource[] {
    this.#referrers ??= this.indexReferrers();
    return this.#referrers.get(resource.key) ?? [];
  }

  private intrinsic(name: string, argument: unknown, stack: string): References | undefined {
    switch (name) {
      case 'Ref':
        return this.named(String(argument), stack);
      case 'Fn::GetAtt':
        return this.attribute(Array.isArray(argument) ? argument.join('.') : String(argument), stack);
      case 'Fn::Sub':
        return this.substitution(argument, stack);
      case 'Fn::ImportValue':
        return this.output(this.#exports.get(textOf(argument)), textOf(argument));
      case 'Fn::GetStackOutput':
        return this.outputOf(fieldsOf(argument));
      default:
        return undefined;
    }
  }

  private named(logicalId = '', stack: string): References {
    const resource = this.#byKey.get(`${stack}.${logicalId}`);
    if (resource) return { ...NOTHING, resources: [resource] };
    // a nested stack's parameter is what its parent gives
    const parent = this.#parents.get(stack);
    const given = parent && at(parent.properties, 'Parameters', logicalId);
    if (parent && given !== undefined) return this.references(given, parent.stack);
    // pseudo parameters name nothing
    return logicalId.startsWith('AWS::') ? NOTHING : { ...NOTHING, unknown: [`parameter ${logicalId}`] };
  }

  private attribute(text: string, stack: string): References {
    const [logicalId = '', ...path] = text.split('.');
    const nested = this.#byKey.get(`${stack}.${logicalId}`)?.nested;
    const output =
      path[0] === 'Outputs'
        ? this.#outputs.find(({ stack: own, name }) => own === nested && name === path[1])
        : undefined;
    return output ? this.output(output, output.name) : this.named(logicalId, stack);
  }

  private substitution(argument: unknown, stack: string): References {
    const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
    const names = [...String(text).matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name = '']) => name);
    const own = fieldsOf(variables);
    return merge(
      names.map((name) =>
        name in own ? this.references(own[name], stack) : this.named(name.split('.')[0], stack),
      ),
    );
  }

  /** An output of another stack, by the stack's name or, where a file is called otherwise, by its own. */
  private outputOf(argument: Fields): References {
    const name = textOf(argument['OutputName']);
    const named = this.#outputs.filter((output) => output.name === name);
    const found = named.find(({ stack }) => stack === argument['StackName']);
    return this.output(found ?? (named.length === 1 ? named[0] : undefined), name);
  }

  private output(found: Output | undefined, name: string): References {
    return found
      ? this.references(found.value, found.stack)
      : { ...NOTHING, unknown: [`the value ${name} of another stack`] };
  }

  private indexReferrers(): ReadonlyMap<string, readonly Resource[]> {
    const index = new Map<string, Resource[]>();
    for (const resource of this.resources) {
      const { resources } = this.references(resource.properties, resource.stack);
      for (const { key } of new Set(resources)) index.set(key, [...(index.get(key) ?? []), resource]);
    }
    return index;
  }
}

/** What a stack hands out, by name, or to all others by export. */
interface Output {
  readonly stack: string;
  readonly name: string;
  /** Empty where it is not exported. */
  readonly exportName: string;
  readonly value: unknown;
}

function outputsOf({ stack, template }: StackTemplate): Output[] {
  return Object.entries(template.Outputs ?? {}).map(([name, { Value, Export }]) => ({
    stack,
    name,
    exportName: textOf(Export?.Name),
    value: Value,
  }));
}

function resourcesOf({ stack, template, nested = {} }: StackTemplate): Resource[] {
  return Object.entries(template.Resources ?? {}).map(([logicalId, definition]) => {
    // a transform stands among the resources with another shape
    const { Type, Properties, Metadata, Condition } = fieldsOf(definition);
    return {
      key: `${stack}.${logicalId}`,
      stack,
      logicalId,
      type: typeof Type === 'string' ? Type : '',
      properties: fieldsOf(Properties),
      metadata: fieldsOf(Metadata),
      ...(nested[logicalId] !== undefined && { nested: nested[logicalId] }),
      isConditional: Condition !== undefined,
      label: labelOf(fieldsOf(Metadata)) ?? `${stack}.${logicalId}`,
    };
  });
}

function labelOf(metadata: Fields): string | undefined {
  const path = metadata['aws:cdk:path'];
  return typeof path === 'string' ? path.replace(/\/Resource$/, '') : undefined;
}

function merge(all: readonly References[]): References {
  return {
    resources: all.flatMap(({ resources }) => resources),
    literals: all.flatMap(({ literals }) => literals),
    unknown: all.flatMap(({ unknown }) => unknown),
  };
}

/** The literal text of a value; what is not literal leaves a gap. */
export function textOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);

  const join = fieldsOf(value)['Fn::Join'];
  if (Array.isArray(join)) return (join[1] as unknown[]).map(textOf).join(textOf(join[0]));
  const sub = fieldsOf(value)['Fn::Sub'];
  return sub === undefined ? '' : textOf(Array.isArray(sub) ? sub[0] : sub);
}
