import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const NODE_24 = join(__dirname, 'node_modules/.bin/node');
const BUILT = join(__dirname, 'node_modules/.bench');

export function hasNode24(): boolean {
  return existsSync(NODE_24);
}

/** The Node that functions run on. */
export function node24(): string {
  if (!hasNode24())
    throw new Error('run "npm ci" in bench/ first: it brings Node 24 and what is compared with');
  return NODE_24;
}

/** Bundles a program of this folder as functions are bundled, so that what is measured is what is deployed. */
export function bundled(entry: string): string {
  mkdirSync(BUILT, { recursive: true });
  const outfile = join(BUILT, `${entry}.cjs`);
  buildSync({
    entryPoints: [join(__dirname, `${entry}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    // loaded as they are published, like anyone who uses them would
    external: ['jose', 'jsonwebtoken', 'jwks-rsa', 'fast-jwt', 'aws-jwt-verify', 'esbuild'],
    logLevel: 'warning',
  });
  return outfile;
}

/** Runs a program of this folder on Node 24; answers what it wrote to standard output. */
export function runOnNode24(entry: string, ...args: string[]): string {
  const { stdout, status } = spawnSync(node24(), ['--no-warnings', bundled(entry), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${entry} ended with ${status}`);
  return stdout;
}
