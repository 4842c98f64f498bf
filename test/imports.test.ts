import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, normalize, relative } from 'node:path';

const root = join(__dirname, '..');
const { dependencies, peerDependencies } = require('../package.json');

interface Import {
  readonly file: string;
  /** A path from the root for one of ours, else the package's name. */
  readonly target: string;
}

const STAGES = ['edge', 'identity', 'traffic', 'backend', 'audit'];
const imports = ['bin', 'lib', 'lambda'].flatMap(sources).flatMap(importsOf);

describe('the import rules', () => {
  test('see the imports there are', () => {
    expect(imports).toContainEqual({ file: 'lib/definition/report.ts', target: 'lib/errors' });
    expect(imports.length).toBeGreaterThan(10);
  });

  test('let functions know nothing of the library but the protocol', () => {
    expect(
      breaking('lambda/', ({ target }) => isOurs(target) && !isWithin(target, 'lambda', 'lib/protocol')),
    ).toEqual([]);
    expect(breaking('lambda/', isCdk)).toEqual([]);
  });

  test('let the library know functions by the name of their bundle only', () => {
    expect(breaking('lib/', ({ target }) => isWithin(target, 'lambda', 'dist'))).toEqual([]);
  });

  test.each(['definition', 'protocol', 'local', 'review', 'keys', 'certificates', 'errors.ts'])(
    'keep lib/%s free of CDK',
    (room) => {
      expect(breaking(`lib/${room}`, isCdk)).toEqual([]);
    },
  );

  test('keep the protocol free of every dependency', () => {
    const allowed = ({ target }: Import) => isWithin(target, 'lib/protocol') || isBuiltin(target);

    expect(breaking('lib/protocol/', (found) => !allowed(found))).toEqual([]);
  });

  test.each(STAGES)('let the stage %s import no other stage', (stage) => {
    const others = STAGES.filter((name) => name !== stage).map((name) => `lib/${name}`);

    expect(breaking(`lib/${stage}/`, ({ target }) => isWithin(target, ...others))).toEqual([]);
  });

  test.each(['local', 'review', 'keys', 'certificates'])(
    'let lib/%s read templates and know no construct',
    (room) => {
      const constructs = ['index', 'secure-api-gateway', ...STAGES].map((name) => `lib/${name}`);

      expect(breaking(`lib/${room}/`, ({ target }) => isWithin(target, ...constructs))).toEqual([]);
    },
  );

  test('let no room of the library use the command line', () => {
    expect(breaking('lib/', ({ target }) => isWithin(target, 'bin', 'test'))).toEqual([]);
  });

  test('let a published file use declared packages only', () => {
    const declared = Object.keys({ ...dependencies, ...peerDependencies });
    const stray = ({ target }: Import) => !isOurs(target) && !isBuiltin(target) && !declared.includes(target);

    expect(breaking('lib/', stray)).toEqual([]);
    expect(breaking('bin/secure-api-gateway.ts', stray)).toEqual([]);
  });

  test('keep what only runs here out of the constructs', () => {
    const reached = closure('lib/index.ts');

    expect(reached.filter((file) => /^lib\/(local|jest|review|keys|certificates)\//.test(file))).toEqual([]);
  });
});

function breaking(from: string, rule: (found: Import) => boolean): string[] {
  return imports
    .filter((found) => found.file.startsWith(from) && rule(found))
    .map(({ file, target }) => `${file} imports ${target}`);
}

function isCdk({ target }: Import): boolean {
  return target === 'aws-cdk-lib' || target === 'constructs' || target.startsWith('@aws-cdk/');
}

function isOurs(target: string): boolean {
  return isWithin(target, 'bin', 'lib', 'lambda', 'test', 'bench', 'dist');
}

function isWithin(target: string, ...folders: string[]): boolean {
  return folders.some((folder) => target === folder || target.startsWith(`${folder}/`));
}

function closure(file: string, reached: string[] = []): string[] {
  if (reached.includes(file)) return reached;
  reached.push(file);
  for (const { target } of imports.filter((found) => found.file === file)) {
    const next = [`${target}.ts`, `${target}/index.ts`].find((path) =>
      imports.some((found) => found.file === path),
    );
    if (next) closure(next, reached);
  }
  return reached;
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = [
    ...text.matchAll(/^(?:import|export)\b[^;'"=]*?\bfrom\s+['"]([^'"]+)['"]/gm),
    ...text.matchAll(/\b(?:require|import|require\.resolve|requirePeer(?:<.*>)?)\(\s*['"]([^'"]+)['"]/g),
  ].map(([, specifier = '']) => specifier);

  return specifiers.map((specifier) => ({
    file,
    target: specifier.startsWith('.')
      ? relative(root, normalize(join(root, dirname(file), specifier)))
      : packageName(specifier),
  }));
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
