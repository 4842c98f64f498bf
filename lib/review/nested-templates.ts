import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { at, type CloudFormationTemplate, fieldsOf } from './model/template';

/** Ends the name of each template's file in a cloud assembly. */
export const TEMPLATE_SUFFIX = '.template.json';

/** Names of the stacks that a template nests and whose templates lie beside it, by logical id. */
export function nestedStacks(path: string, template: CloudFormationTemplate): Record<string, string> {
  const stacks = Object.entries(template.Resources ?? {}).filter(
    ([, resource]) => fieldsOf(resource)['Type'] === 'AWS::CloudFormation::Stack',
  );
  if (stacks.length === 0) return {};

  const folder = dirname(path);
  const assets = assetsIn(folder);
  return Object.fromEntries(
    stacks.flatMap(([logicalId, resource]) => {
      const url = JSON.stringify(at(resource, 'Properties', 'TemplateURL') ?? '');
      const file =
        at(resource, 'Metadata', 'aws:asset:path') ?? assets.find(([hash]) => url.includes(hash))?.[1];
      const isHere =
        typeof file === 'string' && file.endsWith(TEMPLATE_SUFFIX) && existsSync(join(folder, file));
      return isHere ? [[logicalId, file.slice(0, -TEMPLATE_SUFFIX.length)]] : [];
    }),
  );
}

/** Hashes of an assembly's assets, with their files. */
function assetsIn(folder: string): [hash: string, file: unknown][] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.assets.json'))
    .flatMap((name) => {
      const manifest: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      return Object.entries(fieldsOf(at(manifest, 'files'))).map(([hash, asset]): [string, unknown] => [
        hash,
        at(asset, 'source', 'path'),
      ]);
    });
}
