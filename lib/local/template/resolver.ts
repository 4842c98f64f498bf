import type { Problem } from '../../errors';
import { conditionHolds } from './conditions';
import { INTRINSICS } from './intrinsics';
import { type PhysicalResource, physicalResource } from './physical-names';
import { isObject, type Json, NO_VALUE, objectOf, textOf } from './read';
import { type StackSource, stackId, type TemplateResource } from './stack';

const GIVE_PARAMETERS =
  'give template parameters in `parameters`, or leave this part to the deployed gateway';

/**
 * Answers what a template's references would be once deployed.
 *
 * Resolves on demand, so that a reference nobody here needs cannot be in the way. What cannot be resolved is
 * collected in `problems`; what was guessed, in `guesses`.
 */
export class TemplateResolver {
  public readonly problems: Problem[] = [];
  public readonly guesses = new Set<string>();
  private readonly physical = new Map<string, PhysicalResource>();
  private readonly resolving = new Set<string>();

  constructor(
    public readonly stack: StackSource,
    private readonly parameters: Readonly<Record<string, string>> = {},
  ) {}

  /** The value with every intrinsic function in it replaced by its result. */
  public resolve(value: unknown): unknown {
    const resolved = this.resolveOrNothing(value);
    return resolved === NO_VALUE ? undefined : resolved;
  }

  /** The value as text; numbers and flags are written out. */
  public text(value: unknown): string | undefined {
    const resolved = this.resolve(value);
    return typeof resolved === 'number' || typeof resolved === 'boolean'
      ? String(resolved)
      : textOf(resolved);
  }

  /** Properties of a resource, resolved. */
  public properties(id: string): Json {
    return objectOf(this.resolve(this.stack.template.Resources[id]?.Properties));
  }

  /** Logical ids of the resources of a type that this deployment would define. */
  public idsOf(...types: readonly string[]): readonly string[] {
    return Object.entries(this.stack.template.Resources)
      .filter(([, { Type, Condition }]) => types.includes(Type) && (!Condition || this.condition(Condition)))
      .map(([id]) => id);
  }

  /** What `Ref` gives for a logical id, a parameter or a pseudo parameter. */
  public reference(name: string): unknown {
    const pseudo = this.pseudoParameter(name);
    if (pseudo !== undefined) return pseudo;

    const resource = this.stack.template.Resources[name];
    if (resource) return this.physicalOf(name, resource).ref;

    return this.parameter(name);
  }

  public attribute(id: string, name: string): string {
    const resource = this.stack.template.Resources[id];
    if (!resource) return this.unresolved(`Fn::GetAtt ${id}.${name}`, 'the template has no such resource');

    const physical = this.physicalOf(id, resource);
    const value = physical.attribute(name);
    if (value !== undefined) return value;

    this.guesses.add(`${id}.${name} (${resource.Type})`);
    return `${physical.ref}-${name}`;
  }

  public condition(name: string): boolean {
    return conditionHolds(objectOf(this.stack.template.Conditions)[name], this);
  }

  /** An export of another stack of the assembly. */
  public imported(exportName: string): unknown {
    const exporter = this.stack.exporter(exportName);
    if (!exporter) {
      return this.unresolved(`Fn::ImportValue ${exportName}`, 'no stack of this assembly exports it');
    }

    return this.elsewhere(exporter);
  }

  /** An output of another stack of the assembly. */
  public output(stackName: string, outputName: string): unknown {
    const output = this.stack.output?.(stackName, outputName);
    if (!output) {
      return this.unresolved(
        `Fn::GetStackOutput ${stackName}.${outputName}`,
        'no stack of this assembly has it',
      );
    }

    return this.elsewhere(output);
  }

  private elsewhere({ stack, value }: { readonly stack: StackSource; readonly value: unknown }): unknown {
    const resolver = new TemplateResolver(stack, this.parameters);
    const resolved = resolver.resolve(value);
    this.problems.push(...resolver.problems);
    return resolved;
  }

  /** Notes that something needed has no value here. */
  public unresolved(what: string, why: string, remedy = GIVE_PARAMETERS): string {
    this.problems.push({
      code: 'UNRESOLVED_REFERENCE',
      at: this.stack.name,
      message: `${what} has no value here: ${why}`,
      remedy,
    });
    return '';
  }

  private resolveOrNothing(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolveOrNothing(item)).filter(isSomething);
    if (!isObject(value)) return value;

    const [[key, argument] = ['', undefined], another] = Object.entries(value);
    const intrinsic = another ? undefined : INTRINSICS[key];
    if (intrinsic) return intrinsic(argument, this);

    return Object.fromEntries(
      Object.entries(value)
        .map(([name, item]) => [name, this.resolveOrNothing(item)] as const)
        .filter(([, item]) => isSomething(item)),
    );
  }

  private physicalOf(id: string, resource: TemplateResource): PhysicalResource {
    const known = this.physical.get(id);
    if (known) return known;

    // names given by reference to a resource that refers back: CloudFormation would refuse the template
    const circular = this.resolving.has(id);
    this.resolving.add(id);
    const properties = circular ? {} : objectOf(this.resolve(namingProperties(resource)));
    this.resolving.delete(id);
    const physical = physicalResource(resource, { id, stack: this.stack, properties });
    if (physical.guessed) this.guesses.add(`${id} (${resource.Type})`);
    this.physical.set(id, physical);
    return physical;
  }

  private pseudoParameter(name: string): unknown {
    const { account, region, name: stackName } = this.stack;
    const pseudo: Json = {
      'AWS::AccountId': account,
      'AWS::Region': region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stackName,
      'AWS::StackId': stackId(this.stack),
      'AWS::NotificationARNs': [],
      'AWS::NoValue': NO_VALUE,
    };
    return pseudo[name];
  }

  private parameter(name: string): unknown {
    const declared = objectOf(this.stack.template.Parameters)[name];
    const given = this.parameters[name];
    if (given !== undefined) return given;
    if (!declared) return this.unresolved(`Ref ${name}`, 'the template has no such resource or parameter');

    const { Default: fallback, Type: type } = objectOf(declared);
    if (textOf(type)?.startsWith('AWS::SSM::')) {
      return this.unresolved(`parameter ${name}`, 'it is read from the Parameter Store of the account');
    }
    return fallback ?? this.unresolved(`parameter ${name}`, 'it has no default');
  }
}

/** Only what names are made of: resolving a whole body for a name would be slow, or circular. */
function namingProperties({ Properties: properties = {} }: TemplateResource): Json {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => /Name$|^Type$|^Value$/.test(key)));
}

function isSomething(value: unknown): boolean {
  return value !== NO_VALUE;
}
