import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { GatewayConfigurationError } from '../../errors';
import { isObject, objectOf, textOf } from './read';
import { type CloudTemplate, LOCAL_ACCOUNT, LOCAL_REGION, type StackSource } from './stack';

interface StackArtifact {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly source: StackSource;
}

/**
 * Reads one stack of a cloud assembly (`cdk.out`), stages included.
 *
 * Without a name the assembly must hold exactly one stack with a REST API.
 */
export function readAssembly(directory: string, stackName?: string): StackSource {
  const folder = resolve(directory);
  if (!existsSync(join(folder, 'manifest.json'))) {
    throw fail('NO_ASSEMBLY', folder, 'there is no manifest.json in this folder', 'synthesize the app first');
  }

  const stacks: StackArtifact[] = [];
  readStacks(folder, stacks);
  return chooseStack(folder, stacks, stackName).source;
}

function readStacks(folder: string, stacks: StackArtifact[]): void {
  for (const [id, value] of Object.entries(objectOf(readJson(join(folder, 'manifest.json'))['artifacts']))) {
    const artifact = objectOf(value);
    const properties = objectOf(artifact['properties']);
    if (artifact['type'] === 'cdk:cloud-assembly') {
      readStacks(join(folder, textOf(properties['directoryName']) ?? ''), stacks);
    }
    if (artifact['type'] !== 'aws:cloudformation:stack') continue;

    const name = textOf(properties['stackName']) ?? id;
    const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(textOf(artifact['environment']) ?? '') ?? [];
    const source = stackSource(folder, stacks, {
      name,
      account: account && /^\d+$/.test(account) ? account : LOCAL_ACCOUNT,
      region: region && !region.startsWith('unknown') ? region : LOCAL_REGION,
      template: textOf(properties['templateFile']) ?? `${id}.template.json`,
    });
    stacks.push({ id, name, displayName: textOf(artifact['displayName']) ?? id, source });
  }
}

function stackSource(
  folder: string,
  stacks: readonly StackArtifact[],
  stack: { name: string; account: string; region: string; template: string },
): StackSource {
  const assets = readAssets(folder, stack.template);
  let template: CloudTemplate | undefined;
  return {
    ...stack,
    get template() {
      template ??= templateOf(readJson(join(folder, stack.template)));
      return template;
    },
    asset: (key) => assets.get(key),
    exporter: (exportName) => findExporter(stacks, exportName),
    output: (stackName, outputName) => findOutput(stacks, stackName, outputName),
  };
}

/** A template as CloudFormation reads it; one without resources is none. */
export function templateOf(value: unknown): CloudTemplate {
  const { Resources: resources, ...rest } = objectOf(value);
  const checked: CloudTemplate['Resources'] = Object.fromEntries(
    Object.entries(objectOf(resources)).flatMap(([id, item]) => {
      const { Type: type, Properties, Metadata, Condition } = objectOf(item);
      if (typeof type !== 'string') return [];
      return [
        [
          id,
          {
            Type: type,
            Properties: objectOf(Properties),
            Metadata: objectOf(Metadata),
            ...(typeof Condition === 'string' && { Condition }),
          },
        ],
      ];
    }),
  );
  return {
    Resources: checked,
    Parameters: objectOf(rest['Parameters']),
    Conditions: objectOf(rest['Conditions']),
    Mappings: objectOf(rest['Mappings']),
    Outputs: objectOf(rest['Outputs']),
  };
}

/** By object key, as functions and bodies refer to their assets. */
function readAssets(folder: string, templateFile: string): ReadonlyMap<string, string> {
  const assets = new Map<string, string>();
  const manifest = join(folder, templateFile.replace(/\.template\.json$/, '.assets.json'));
  if (!existsSync(manifest)) return assets;

  for (const file of Object.values(objectOf(readJson(manifest)['files']))) {
    const { source, destinations } = objectOf(file);
    const path = textOf(objectOf(source)['path']);
    for (const destination of Object.values(objectOf(destinations))) {
      const key = textOf(objectOf(destination)['objectKey']);
      if (path && key) assets.set(key, join(folder, path));
    }
  }
  return assets;
}

function findExporter(
  stacks: readonly StackArtifact[],
  exportName: string,
): ReturnType<StackSource['exporter']> {
  for (const { source } of stacks) {
    for (const output of Object.values(objectOf(source.template.Outputs))) {
      const { Export, Value } = objectOf(output);
      if (objectOf(Export)['Name'] === exportName) return { stack: source, value: Value };
    }
  }
  return undefined;
}

function findOutput(
  stacks: readonly StackArtifact[],
  stackName: string,
  outputName: string,
): ReturnType<StackSource['exporter']> {
  const source = stacks.find(({ name }) => name === stackName)?.source;
  const output = source && objectOf(source.template.Outputs)[outputName];
  return source && output !== undefined ? { stack: source, value: objectOf(output)['Value'] } : undefined;
}

function chooseStack(folder: string, stacks: readonly StackArtifact[], stackName?: string): StackArtifact {
  const candidates = stackName
    ? stacks.filter(({ id, name, displayName }) => [id, name, displayName].includes(stackName))
    : stacks.filter(({ source }) =>
        Object.values(source.template.Resources).some(({ Type }) => Type === 'AWS::ApiGateway::RestApi'),
      );
  const [chosen, another] = candidates;
  if (chosen && !another) return chosen;

  const names = stacks.map(({ displayName }) => displayName).join(', ') || 'none';
  const wanted = stackName ? `'${stackName}'` : 'exactly one stack with a REST API';
  throw fail('NO_STACK', folder, `${wanted} is not in this assembly`, `name one of its stacks: ${names}`);
}

function readJson(path: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw fail('UNREADABLE_ASSEMBLY', path, `this file cannot be read: ${cause}`, 'synthesize the app again');
  }
  if (isObject(value)) return value;

  throw fail('UNREADABLE_ASSEMBLY', path, 'this file holds no object', 'synthesize the app again');
}

function fail(code: string, at: string, message: string, remedy: string): GatewayConfigurationError {
  return new GatewayConfigurationError([{ code, at, message, remedy }]);
}
