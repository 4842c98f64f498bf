import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathFault } from '../../lib/definition/check-path';

const FOLDER = join(__dirname, '../../../shared/openapi');

const ALL = [
  { name: 'box-3.0.json', scheme: 'OAuth2Security' },
  { name: 'readme-3.1.json', scheme: 'bearer' },
  { name: 'train-travel-3.1.json', scheme: 'OAuth2' },
];

/** They lie beside this repository, and not beside every clone of it. */
const ARE_THERE = existsSync(FOLDER);

/** Real documents; none where they are absent. */
export const REAL_DOCUMENTS = ARE_THERE ? ALL : [];

/** What needs real documents: skipped, and shown as that, where they are absent. */
export const testOnReal = ARE_THERE ? test : test.skip;
export const describeOnReal = ARE_THERE ? describe : describe.skip;
export const testEachReal = testOnReal.each(ALL);
export const describeEachReal = describeOnReal.each(ALL);

interface LooseOperation {
  security?: unknown;
  requestBody?: { content: Record<string, unknown> };
  'x-gateway'?: object;
}

/** A real document as published. */
export function published(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

/** A real document made ready: open operations and opaque bodies marked, paths that cannot be imported removed. */
export function madeReady(name: string): Record<string, unknown> {
  const document = JSON.parse(published(name));
  for (const path of Object.keys(document.paths)) {
    if (pathFault(path)) delete document.paths[path];
    else
      for (const operation of Object.values<LooseOperation>(document.paths[path])) markOperation(operation);
  }
  return document;
}

function markOperation(operation: LooseOperation): void {
  if (Array.isArray(operation.security) && operation.security.length === 0) {
    operation['x-gateway'] = { public: 'as published' };
  }
  const mediaTypes = Object.keys(operation.requestBody?.content ?? {});
  if (mediaTypes.some((mediaType) => !mediaType.endsWith('json'))) {
    operation['x-gateway'] = { ...operation['x-gateway'], uninspected: 'as published' };
  }
}
