import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..');
const { bin, exports: subPaths, files: described, name, typesVersions } = require('../package.json');

/** What a consumer has beside the package. Linked, not installed: the registry is not asked. */
const CONSUMER_HAS = ['aws-cdk-lib', 'constructs', 'typescript', '@typescript'];

const MEGABYTE = 1024 * 1024;

describe('the package, packed and installed in an empty folder', () => {
  let scratch: string;
  let consumer: string;
  let packed: readonly string[];

  beforeAll(() => {
    scratch = mkdtempSync(join(isolatedFolder(), 'package-'));
    consumer = join(scratch, 'consumer');
    const { filename, files } = pack(join(scratch, 'source'));
    packed = files.map(({ path }: { path: string }) => path);
    install(join(scratch, 'source', filename));
  }, 120_000);

  afterAll(() => rmSync(scratch, { recursive: true }));

  test('synthesizes an app of ten lines', () => {
    writeFileSync(join(consumer, 'openapi.yaml'), readFileSync(join(root, 'test/examples/catalogue.yaml')));
    writeFileSync(join(consumer, 'app.ts'), APP);

    expect(compile('app.ts')).toBe('');
    const { status, stderr } = run('app.js', { CDK_OUTDIR: join(consumer, 'cdk.out') });

    expect(stderr).not.toContain('Error');
    expect(status).toBe(0);
    const assets = readdirSync(join(consumer, 'cdk.out')).filter((file) => file.startsWith('asset.'));
    const bundles = assets
      .map((asset) => join(consumer, 'cdk.out', asset))
      .map((asset) => readdirSync(asset).sort());
    expect(bundles).toContainEqual(expect.arrayContaining(['index.js', 'policy.json']));
  }, 60_000);

  test('declares types for each of its sub-paths, and loads each without what only runs gateways locally', () => {
    const paths = Object.keys(subPaths).map((path) => path.replace('.', name));
    writeFileSync(
      join(consumer, 'paths.ts'),
      paths
        .map((path, index) => `import * as m${index} from '${path}';\nconsole.log(typeof m${index});`)
        .join('\n'),
    );

    expect(compile('paths.ts')).toBe('');
    expect(run('paths.js')).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(consumer, 'node_modules/esbuild'))).toBe(false);
    expect(existsSync(join(consumer, 'node_modules/dynalite'))).toBe(false);
    expect(existsSync(join(consumer, 'node_modules/oidc-provider'))).toBe(false);
  }, 60_000);

  // TypeScript 5 with `module: commonjs`, unless told otherwise
  test('declares the same types to compilers that do not read exports', () => {
    const typed = Object.entries<{ types?: string }>(subPaths).filter(
      ([path, { types }]) => path !== '.' && types,
    );

    expect(typed).not.toEqual([]);
    expect(typesVersions).toEqual({
      '*': Object.fromEntries(typed.map(([path, { types }]) => [path.replace('./', ''), [types]])),
    });
  });

  test('is imported by name from ES modules, and has its classes once however they are reached', () => {
    writeFileSync(join(consumer, 'names.mjs'), NAMES);

    expect(run('names.mjs')).toMatchObject({ status: 0, stderr: '', stdout: 'FILE_UNREADABLE\n' });
  });

  test('loads what reads YAML and overlays only for a document that is or has some', () => {
    writeFileSync(join(consumer, 'loaded.js'), LOADED);

    expect(run('loaded.js', {}, 'openapi.json')).toMatchObject({ status: 0, stderr: '', stdout: '' });
    expect(run('loaded.js', {}, 'openapi.yaml').stdout).toContain('yaml');
  });

  test.each([
    [
      'local gateway',
      ['local', '--app', 'true', '--idp'],
      ['dynalite', 'oidc-provider', '@peculiar/x509', 'reflect-metadata', 'ajv', 'ajv-draft-04', 're2js'],
    ],
    [
      'command line',
      ['keys', 'list', '--stack', 'Orders'],
      ['api-gateway', 'cloudformation', 'cloudwatch-logs', 'dynamodb', 'lambda'].map(
        (service) => `@aws-sdk/client-${service}`,
      ),
    ],
  ])('says in one line what its %s needs where that is missing', (at, words, needed) => {
    const command = join('node_modules', name, bin['secure-api-gateway']);
    const { status, stderr } = run(command, {}, ...words);

    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^[a-z ]+: the package '[^']+' is not installed; npm install --save-dev \S+(?: \S+)* \[MISSING_PACKAGE\]\n$/,
    );
    expect(stderr.startsWith(`${at}: `)).toBe(true);
    for (const each of needed) expect(`${stderr} `).toContain(` ${each} `);
  });

  test('ships what is built, and no source, test or map of this machine', () => {
    expect(packed).toContain('dist/lambda/authorizer/index.js');
    expect(packed).toContain('dist/lib/index.d.ts');
    expect(packed).toContain('LICENSE');
    expect(packed).toContain('dist/lambda/THIRD-PARTY-LICENSES.txt');
    expect(
      packed.filter(
        (file) => !/^(dist\/.*\.(js|d\.ts|txt)|.*\.md|docs\/.*\.csv|LICENSE|package\.json)$/.test(file),
      ),
    ).toEqual([]);
    expect(packed.filter((file) => file.includes('test'))).toEqual([]);
  });

  test('ships every file its pages link to', () => {
    const links = packed
      .filter((file) => file.endsWith('.md'))
      .flatMap((page) =>
        [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([\w./-]+)[)#]/g)].map(([, link = '']) =>
          join(dirname(page), link),
        ),
      );

    expect(links).toEqual(expect.arrayContaining(['docs/siem.md', 'lib/local/web-acl/README.md']));
    expect(links.filter((link) => !packed.includes(link))).toEqual([]);
  });

  test('takes less room than the README says', () => {
    const [, stated] =
      /installs in (\d+(?:\.\d)?) MB/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
    const megabytes = sizeOf(join(consumer, 'node_modules')) / MEGABYTE;

    expect(megabytes).toBeLessThan(Number(stated));
    expect(megabytes).toBeGreaterThan(Number(stated) * 0.7);
  });

  /** Builds in a folder of its own, so that tests running beside this one keep their bundles. */
  function pack(source: string) {
    const build = ['-p', join(root, 'tsconfig.build.json'), '--outDir', join(source, 'dist')];
    const bundle = [join(root, 'build-lib.mjs'), '--outdir', join(source, 'dist')];
    execFileSync(process.execPath, bundle, { cwd: root });
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...build], { cwd: root });
    cpSync(join(root, 'dist/lambda'), join(source, 'dist/lambda'), { recursive: true });
    const pages: readonly string[] = described.filter((file: string) => file !== 'dist');
    for (const file of ['package.json', 'README.md', 'LICENSE', ...pages]) {
      cpSync(join(root, file), join(source, file), { recursive: true });
    }
    return JSON.parse(npm(source, 'pack', '--json', '--ignore-scripts'))[0];
  }

  function install(tarball: string): void {
    mkdirSync(consumer);
    writeFileSync(join(consumer, 'package.json'), '{ "private": true }');
    npm(consumer, 'install', '--prefer-offline', '--legacy-peer-deps', '--no-audit', '--no-fund', tarball);
    for (const provided of CONSUMER_HAS) {
      if (existsSync(join(root, 'node_modules', provided))) {
        symlinkSync(join(root, 'node_modules', provided), join(consumer, 'node_modules', provided));
      }
    }
  }

  function compile(file: string): string {
    const options = ['--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'node20', '--types', ''];
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    return spawnSync(process.execPath, [tsc, ...options, file], { cwd: consumer, encoding: 'utf8' }).stdout;
  }

  function run(file: string, env: Record<string, string> = {}, ...given: string[]) {
    return spawnSync(process.execPath, [file, ...given], {
      cwd: consumer,
      encoding: 'utf8',
      env: { ...process.env, CDK_VALIDATION: 'false', NODE_PATH: '', ...env },
    });
  }

  function npm(cwd: string, ...given: string[]): string {
    return execFileSync('npm', given, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }
});

/** A folder from which Node finds no packages in a folder above. */
function isolatedFolder(): string {
  const seesPackages = (folder: string): boolean =>
    existsSync(join(folder, 'node_modules')) || (folder !== dirname(folder) && seesPackages(dirname(folder)));
  const folder = [tmpdir(), homedir()].find((candidate) => !seesPackages(candidate));
  if (!folder) throw new Error('there is a node_modules above every folder this test may write to');
  return folder;
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isSymbolicLink())
    .map((entry) => join(folder, entry.name))
    .reduce((sum, path) => sum + (statSync(path).isDirectory() ? sizeOf(path) : statSync(path).size), 0);
}

const APP = `import { App, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationLoadBalancer, ListenerAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Authentication, Backend, OpenApiDocument, SecureApiGateway } from '${name}';

const stack = new Stack(new App(), 'Catalogue');
const service = new ApplicationLoadBalancer(stack, 'Service', { vpc: new Vpc(stack, 'Vpc') });
service.addListener('Https', { port: 443, open: false, certificates: [{ certificateArn: 'arn:aws:acm:eu-west-1:111111111111:certificate/1' }], defaultAction: ListenerAction.fixedResponse(200) });
new SecureApiGateway(stack, 'Gateway', {
  definition: OpenApiDocument.fromFile('openapi.yaml'),
  authentication: { customer: Authentication.jwt({ issuer: 'https://id.example.com/', audiences: ['catalogue'] }) },
  backends: { catalogue: Backend.applicationLoadBalancer(service, { serverName: 'catalogue.internal.example.com' }) },
});
`;

const NAMES = `import { GatewayConfigurationError } from '${name}/errors';
import { compile, OpenApiDocument as Same } from '${name}/definition';
import { OpenApiDocument } from '${name}';

if (OpenApiDocument !== Same || typeof compile !== 'function') process.exit(1);
try {
  OpenApiDocument.fromFile('missing.yaml');
} catch (error) {
  if (error instanceof GatewayConfigurationError) console.log(error.problems[0].code);
}
`;

const LOADED = `const { OpenApiDocument } = require('${name}');
const paths = { '/a': { get: { responses: { 200: { description: 'OK' } } } } };
const text = JSON.stringify({ openapi: '3.1.0', info: { title: 'A', version: '1' }, paths });
OpenApiDocument.fromString(process.argv[2].endsWith('.json') ? text : 'openapi: 3.1.0\\ninfo: {}', { path: process.argv[2] });
const names = Object.keys(require.cache).map((file) => /node_modules\\/(yaml|jsonpath-rfc9535)\\//.exec(file)?.[1]);
for (const found of new Set(names)) if (found) console.log(found);
`;
