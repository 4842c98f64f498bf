// Bundles every handler in lambda/ to dist/lambda/<name>/index.js, so that a consumer needs no esbuild.
// CommonJS loads faster than ESM on Lambda; the AWS SDK's module entry is a third smaller than its main one.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { build } from 'esbuild';

const handlers = readdirSync('lambda').filter((name) => existsSync(`lambda/${name}/index.ts`));

// files of their own beside the authorizer's code: what judges parameters and media types waits until a
// request has some, what signs identities is loaded by gateways that have it signed, and what fetches keys by
// instances that have none or old ones
const LOADED_APART = ['contract-judge', 'signer', 'jwt/key-fetcher'];
const apart = handlers
  .filter((name) => name.startsWith('authorizer'))
  .flatMap((name) =>
    LOADED_APART.map((file) => ({ in: `lambda/authorizer/${file}.ts`, out: `${name}/${basename(file)}` })),
  );

// what an earlier build left would be deployed with it
rmSync('dist/lambda', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: [
    ...handlers.map((name) => ({ in: `lambda/${name}/index.ts`, out: `${name}/index` })),
    ...apart,
  ],
  outdir: 'dist/lambda',
  bundle: true,
  platform: 'node',
  // functions run on Node 24; the local gateway runs the same bundle on the Node it finds
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  supported: { 'dynamic-import': false },
  // Lambda's Node runtimes carry them, and what uses them runs once a deployment
  external: [
    '@aws-sdk/client-api-gateway',
    '@aws-sdk/client-iam',
    '@aws-sdk/client-s3',
    ...LOADED_APART.map((file) => `./${basename(file)}`),
  ],
  minify: true,
  metafile: true,
  legalComments: 'linked',
  logLevel: 'warning',
});
writeFileSync('dist/lambda/THIRD-PARTY-LICENSES.txt', licensesOf(Object.keys(metafile.inputs)));

/** Of the packages whose code the bundles hold: their licences ask to be handed on with it. */
function licensesOf(files) {
  const folders = new Set(
    files.flatMap((file) => file.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? []),
  );
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version, license, author } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
      const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
      const text = file
        ? readFileSync(`${folder}/${file}`, 'utf8').trim()
        : `Copyright ${author?.name ?? author}`;
      return `${name} ${version}, ${license}\n\n${text}\n`;
    })
    .join('\n----\n\n');
}
