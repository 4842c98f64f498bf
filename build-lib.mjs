// Bundles lib/ and bin/ to dist/, one file for each entry of package.json and one for each part that entries share: an
// app that synthesizes loads a handful of files, not the two hundred and more they are written in.
import { readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { transform } from '@swc/core';
import { build } from 'esbuild';

const { outdir } = parseArgs({ options: { outdir: { type: 'string', default: 'dist' } } }).values;
const { bin, exports: subPaths } = JSON.parse(readFileSync('package.json', 'utf8'));

const entries = [...Object.values(bin), ...Object.values(subPaths).flatMap((path) => path.default ?? [])];

// esbuild splits ES modules only
const { outputFiles } = await build({
  entryPoints: entries.map((path) => path.replace(/^(\.\/)?dist\/(.*)\.js$/, '$2.ts')),
  outbase: '.',
  outdir,
  bundle: true,
  splitting: true,
  chunkNames: 'lib/shared/[hash]',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  write: false,
  logLevel: 'warning',
});

for (const folder of ['lib', 'bin']) rmSync(`${outdir}/${folder}`, { recursive: true, force: true });
for (const { path, text } of outputFiles) {
  const { code } = await transform(text, {
    swcrc: false,
    jsc: { target: 'es2022', preserveAllComments: true },
    module: {
      type: 'commonjs',
      // a package is loaded when something of it is first used: YAML's for a document in YAML only
      lazy: true,
      // some packages are ES modules
      ignoreDynamic: true,
      // so that ES modules may import by name
      exportInteropAnnotation: true,
    },
  });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, code);
}
