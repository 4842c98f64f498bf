import { isObject, listOf, NO_VALUE, objectOf, textOf } from './read';
import type { TemplateResolver } from './resolver';

type Intrinsic = (argument: unknown, resolver: TemplateResolver) => unknown;

/** What each intrinsic function gives. */
export const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, resolver) => resolver.reference(textOf(argument) ?? ''),
  'Fn::GetAtt': getAttribute,
  'Fn::Join': join,
  'Fn::Sub': substitute,
  'Fn::Select': select,
  'Fn::Split': (argument, resolver) => {
    const [separator, source] = listOf(argument);
    return (resolver.text(source) ?? '').split(textOf(separator) ?? ',');
  },
  'Fn::If': (argument, resolver) => {
    const [condition, whenTrue, whenFalse] = listOf(argument);
    const chosen = resolver.condition(textOf(condition) ?? '') ? whenTrue : whenFalse;
    return isNoValue(chosen) ? NO_VALUE : resolver.resolve(chosen);
  },
  'Fn::FindInMap': findInMap,
  'Fn::GetStackOutput': (argument, resolver) => {
    const { StackName, OutputName } = objectOf(argument);
    return resolver.output(resolver.text(StackName) ?? '', resolver.text(OutputName) ?? '');
  },
  'Fn::ImportValue': (argument, resolver) => resolver.imported(resolver.text(argument) ?? ''),
  'Fn::Base64': (argument, resolver) => Buffer.from(resolver.text(argument) ?? '').toString('base64'),
  'Fn::GetAZs': (argument, resolver) => {
    const region = resolver.text(argument) || resolver.stack.region;
    return ['a', 'b', 'c'].map((zone) => region + zone);
  },
  'Fn::ToJsonString': (argument, resolver) => JSON.stringify(resolver.resolve(argument)),
  'Fn::Length': (argument, resolver) => listOf(resolver.resolve(argument)).length,
  'Fn::Transform': (_argument, resolver) =>
    resolver.unresolved('Fn::Transform', 'macros run in CloudFormation only'),
};

function getAttribute(argument: unknown, resolver: TemplateResolver): string {
  const [id, ...names] = typeof argument === 'string' ? argument.split('.') : listOf(argument);
  return resolver.attribute(textOf(id) ?? '', names.map((name) => resolver.text(name)).join('.'));
}

function join(argument: unknown, resolver: TemplateResolver): string {
  const [separator, items] = listOf(argument);
  return listOf(resolver.resolve(items))
    .map(String)
    .join(textOf(separator) ?? '');
}

function substitute(argument: unknown, resolver: TemplateResolver): string {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const own = objectOf(variables);
  return String(template).replace(/\$\{([^}]*)\}/g, (_whole, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (name in own) return resolver.text(own[name]) ?? '';
    if (name.includes('.')) return getAttribute(name, resolver);

    return String(resolver.reference(name));
  });
}

function select(argument: unknown, resolver: TemplateResolver): unknown {
  const [index, items] = listOf(argument);
  const value = listOf(resolver.resolve(items))[Number(resolver.text(index))];
  return value ?? resolver.unresolved(`Fn::Select ${index}`, 'the list is shorter');
}

function findInMap(argument: unknown, resolver: TemplateResolver): unknown {
  const [map, first, second] = listOf(argument).map((key) => resolver.text(key) ?? '');
  const rows = objectOf(objectOf(resolver.stack.template.Mappings)[map ?? '']);
  const value = objectOf(rows[first ?? ''])[second ?? ''];
  return (
    value ?? resolver.unresolved(`Fn::FindInMap ${map}.${first}.${second}`, 'the mapping has no such entry')
  );
}

function isNoValue(value: unknown): boolean {
  return isObject(value) && value['Ref'] === 'AWS::NoValue';
}
