import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Absolute path of the folder of a handler bundle that ships inside this package.
 *
 * Bundles are built when the package is built, so a consumer needs neither esbuild nor Docker.
 */
export function handlerBundle(name: string): string {
  return join(packageRoot(__dirname), 'dist', 'lambda', name);
}

// the same file runs from lib/ in tests and from dist/lib/ when installed
function packageRoot(directory: string): string {
  return existsSync(join(directory, 'package.json')) ? directory : packageRoot(dirname(directory));
}
