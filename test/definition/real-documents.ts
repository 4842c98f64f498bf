import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathFault } from '../../lib/definition/check-path';

const FOLDER = join(__dirname, '../../../shared/openapi');

/** Real documents, which lie beside this repository; none where they are absent. */
export const REAL_DOCUMENTS: readonly { readonly name: string; readonly scheme: string }[] = [
  { name: 'box-3.0.json', scheme: 'OAuth2Security' },
  { name: 'readme-3.1.json', scheme: 'bearer' },
  { name: 'train-travel-3.1.json', scheme: 'OAuth2' },
].filter(({ name }) => existsSync(join(FOLDER, name)));

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
