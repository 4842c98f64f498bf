import { createRequire } from 'node:module';
import { GatewayConfigurationError } from '../errors';

const load = createRequire(__filename);

/** Loads a package that only the local gateway needs; if it is missing, says how to get it. */
export function requirePeer<T>(name: string): T {
  try {
    return load(name);
  } catch (cause) {
    if (!isMissing(cause, name)) throw cause;

    throw new GatewayConfigurationError([
      {
        code: 'MISSING_PACKAGE',
        at: 'local gateway',
        message: `the package '${name}' is not installed`,
        remedy: `npm install --save-dev ${name}`,
      },
    ]);
  }
}

function isMissing(cause: unknown, name: string): boolean {
  return (
    cause instanceof Error &&
    'code' in cause &&
    cause.code === 'MODULE_NOT_FOUND' &&
    cause.message.includes(`'${name}'`)
  );
}
