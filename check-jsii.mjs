// Compiles what lib/index.ts reaches with jsii, in a scratch folder that is removed again: the public API stays
// within the shapes other languages can call, although the package is not published through jsii.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

const root = import.meta.dirname;
const description = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
// the optional ones serve the local gateway, which the constructs do not reach
const peers = Object.entries(description.peerDependencies).filter(
  ([name]) => !description.peerDependenciesMeta[name]?.optional,
);

/** Files that `file` reaches by relative imports, itself included. */
function closure(file, reached = new Set()) {
  if (reached.has(file)) return reached;
  reached.add(file);

  const imports = /(?:^(?:import|export)\b[^;'"=]*?\bfrom\s+|\b(?:require|import)\()['"](\.[^'"]*)['"]/gm;
  for (const [, specifier] of readFileSync(file, 'utf8').matchAll(imports)) {
    const target = resolve(dirname(file), specifier);
    const found = [`${target}.ts`, join(target, 'index.ts')].find((path) => existsSync(path));
    if (!found) throw new Error(`${relative(root, file)} imports '${specifier}', which is not there`);
    closure(found, reached);
  }
  return reached;
}

const scratch = mkdtempSync(join(tmpdir(), 'jsii-'));
try {
  const files = [...closure(join(root, 'lib/index.ts'))];
  for (const file of files) cpSync(file, join(scratch, relative(root, file)), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));
  writeFileSync(join(scratch, 'README.md'), description.description);
  writeFileSync(
    join(scratch, 'package.json'),
    JSON.stringify({
      name: description.name,
      version: description.version,
      description: description.description,
      license: description.license,
      author: { name: 'The contributors' },
      repository: { type: 'git', url: 'https://example.invalid/cdk-secure-api-gateway.git' },
      main: 'lib/index.js',
      types: 'lib/index.d.ts',
      peerDependencies: Object.fromEntries(peers),
      // not jsii modules, so a jsii package would have to carry them
      dependencies: description.dependencies,
      bundleDependencies: Object.keys(description.dependencies),
      devDependencies: Object.fromEntries(peers.map(([name, range]) => [name, range.replace('^', '')])),
      jsii: { outdir: 'dist', targets: {} },
    }),
  );

  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/jsii/bin/jsii'), '--Werr', '--compress-assembly'],
    { cwd: scratch, encoding: 'utf8' },
  );
  // the banner about Node's age is not about our types
  const said = `${stdout}${stderr}`.replace(/^!!.*\n/gm, '').trim();
  if (status !== 0) console.error(said);
  if (status !== 0) throw new Error('lib/index.ts exports something that jsii refuses');
  console.log(`jsii: ${files.length} files, no error, no warning`);
} catch (error) {
  console.error(`check-jsii: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true });
}
