import { createRequire } from 'node:module';
import { GatewayConfigurationError } from '../errors';

const load = createRequire(__filename);

/** Loads a package that only the local gateway needs; if it is missing, says how to get it. */
export function requirePeer<T>(name: string): T {
  try {
    return load(name);
  } catch (cause) {
    throw explain(cause, name);
  }
}

/** The same for a package that is an ES module; the `import()` is written out so that its types are known. */
export async function importPeer<T>(name: string, importing: Promise<T>): Promise<T> {
  try {
    return await importing;
  } catch (cause) {
    throw explain(cause, name);
  }
}

function explain(cause: unknown, name: string): unknown {
  if (!isMissing(cause, name)) return cause;

  return new GatewayConfigurationError([
    {
      code: 'MISSING_PACKAGE',
      at: 'local gateway',
      message: `the package '${name}' is not installed`,
      remedy: `npm install --save-dev ${name}`,
    },
  ]);
}

function isMissing(cause: unknown, name: string): boolean {
  return (
    cause instanceof Error &&
    'code' in cause &&
    (cause.code === 'MODULE_NOT_FOUND' || cause.code === 'ERR_MODULE_NOT_FOUND') &&
    cause.message.includes(`'${name}'`)
  );
}
