import { type Json, listOf, textOf } from '../template/read';
import type { TemplateResolver } from '../template/resolver';
import { ServiceError } from './service-error';

interface Parameter {
  readonly Name: string;
  readonly Type: string;
  readonly Value: string;
  readonly Version: number;
}

/** The Parameter Store: what the template puts there, and what functions write. */
export class Parameters {
  private readonly parameters = new Map<string, Parameter>();

  constructor(resolver: TemplateResolver) {
    for (const id of resolver.idsOf('AWS::SSM::Parameter')) {
      const { Type, Value } = resolver.properties(id);
      const name = String(resolver.reference(id));
      const value = textOf(Value) ?? '';
      this.parameters.set(name, { Name: name, Type: textOf(Type) ?? 'String', Value: value, Version: 1 });
    }
  }

  public answer(operation: string, input: Json): Json {
    switch (operation) {
      case 'GetParameter':
        return { Parameter: this.find(nameOf(input['Name'])) };
      case 'GetParameters': {
        const names = listOf(input['Names']).map(nameOf);
        const known = names.filter((name) => this.parameters.has(name));
        return {
          Parameters: known.map((name) => this.find(name)),
          InvalidParameters: names.filter((name) => !this.parameters.has(name)),
        };
      }
      case 'GetParametersByPath': {
        const path = `${String(input['Path']).replace(/\/$/, '')}/`;
        return { Parameters: [...this.parameters.values()].filter(({ Name }) => Name.startsWith(path)) };
      }
      case 'PutParameter':
        return this.put(input);
      default:
        throw new ServiceError('InvalidAction', `${operation} is not run here`);
    }
  }

  private find(name: string): Parameter {
    const parameter = this.parameters.get(name);
    if (parameter) return parameter;
    throw new ServiceError('ParameterNotFound', `${name} is not in the Parameter Store`);
  }

  private put({ Name, Value, Type, Overwrite }: Json): Json {
    const name = nameOf(Name);
    const existing = this.parameters.get(name);
    if (existing && Overwrite !== true) {
      throw new ServiceError('ParameterAlreadyExists', 'The parameter already exists.');
    }
    const version = (existing?.Version ?? 0) + 1;
    const type = textOf(Type) ?? existing?.Type ?? 'String';
    this.parameters.set(name, { Name: name, Type: type, Value: String(Value), Version: version });
    return { Version: version, Tier: 'Standard' };
  }
}

/** By name or by ARN. */
function nameOf(value: unknown): string {
  const name = String(value);
  return name.startsWith('arn:')
    ? (/:parameter(\/.*|\/?[^/]+)$/.exec(name)?.[1] ?? name).replace(/^\/(?=[^/]*$)/, '')
    : name;
}
