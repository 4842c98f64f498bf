import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenApiDocument } from '../../lib/definition';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overlay-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The path of a file in a folder that is there for one test. */
export const inFolder = (name: string) => join(folder, name);

/** An overlay of these actions. */
export const overlay = (...actions: string[]) =>
  `overlay: 1.0.0\ninfo: { title: O, version: '1' }\nactions:\n${actions.map((action) => `  - ${action}\n`).join('')}`;

/** A document with these overlays, each a file. */
export const overlaid = (document: unknown, ...overlays: string[]) => {
  const paths = overlays.map((text, index) => {
    const path = inFolder(`${index}.overlay.yaml`);
    writeFileSync(path, text);
    return path;
  });
  return OpenApiDocument.fromString(JSON.stringify(document), { path: 'original.json', overlays: paths });
};
