import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type CollectionTag, parse, type ScalarTag } from 'yaml';
import { GatewayConfigurationError } from '../errors';
import type { CloudFormationTemplate, StackTemplate } from './model/template';
import { nestedStacks, TEMPLATE_SUFFIX } from './nested-templates';

const SUFFIX = /\.template\.json$|\.(json|ya?ml)$/;

/**
 * Templates of a cloud assembly (all its stacks, those of nested assemblies too), or one template, JSON or YAML.
 *
 * Throws a `GatewayConfigurationError` if there is none, or one that cannot be parsed.
 */
export function readTemplates(path: string): StackTemplate[] {
  if (!existsSync(path)) throw noTemplate(path, `there is no ${path}`);
  const templates = statSync(path).isDirectory() ? readAssembly(path) : readWithNested(path);
  // nothing reviewed is not nothing found
  if (templates.every(({ template }) => Object.keys(template.Resources ?? {}).length === 0)) {
    throw noTemplate(path, `there is no template with resources in ${path}`);
  }
  return templates;
}

function readAssembly(folder: string): StackTemplate[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((left, right) => left.name.localeCompare(right.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && entry.name.startsWith('assembly-')) return readAssembly(path);
      // nested stacks come with their parents
      const isStack =
        entry.name.endsWith(TEMPLATE_SUFFIX) && !entry.name.endsWith(`.nested${TEMPLATE_SUFFIX}`);
      return isStack ? readWithNested(path) : [];
    });
}

/** A template, and those of its nested stacks that lie beside it. */
function readWithNested(path: string, above: readonly string[] = []): StackTemplate[] {
  if (above.includes(path)) throw noTemplate(path, 'this stack nests itself');
  const parent = readTemplate(path);
  const nested = nestedIn(path, parent.template);
  return [
    { ...parent, nested },
    ...Object.values(nested).flatMap((stack) =>
      readWithNested(join(dirname(path), `${stack}${TEMPLATE_SUFFIX}`), [...above, path]),
    ),
  ];
}

function nestedIn(path: string, template: CloudFormationTemplate): Record<string, string> {
  try {
    return nestedStacks(path, template);
  } catch (cause) {
    throw noTemplate(path, `the manifests of assets beside it cannot be read (${reasonOf(cause)})`);
  }
}

function readTemplate(path: string): StackTemplate {
  const template = parseTemplate(path);
  if (typeof template !== 'object' || template === null) throw noTemplate(path, 'this is no template');
  return { stack: basename(path).replace(SUFFIX, ''), template };
}

function parseTemplate(path: string): CloudFormationTemplate | null {
  try {
    const text = readFileSync(path, 'utf8');
    return path.endsWith('.json') ? JSON.parse(text) : parse(text, { customTags: INTRINSICS });
  } catch (cause) {
    throw noTemplate(path, `this cannot be parsed (${reasonOf(cause)})`);
  }
}

const reasonOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));

function noTemplate(at: string, message: string): GatewayConfigurationError {
  return new GatewayConfigurationError([
    { code: 'NO_TEMPLATE', at, message, remedy: 'synthesize first, or name another' },
  ]);
}

/** Short forms of CloudFormation's functions, for example `!GetAtt a.b`. */
const INTRINSICS = [
  'Ref',
  'Condition',
  'GetAtt',
  'Sub',
  'Join',
  'Select',
  'Split',
  'If',
  'Equals',
  'Not',
  'And',
  'Or',
  'FindInMap',
  'ImportValue',
  'Base64',
  'Cidr',
  'GetAZs',
  'Transform',
].flatMap((name): (ScalarTag | CollectionTag)[] => {
  const key = ['Ref', 'Condition'].includes(name) ? name : `Fn::${name}`;
  const tag = `!${name}`;
  return [
    { tag, resolve: (text) => ({ [key]: name === 'GetAtt' ? text.split('.') : text }) },
    { tag, collection: 'seq', resolve: (list) => ({ [key]: list.toJSON() }) },
    { tag, collection: 'map', resolve: (map) => ({ [key]: map.toJSON() }) },
  ];
});
