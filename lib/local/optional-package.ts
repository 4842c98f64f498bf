import { GatewayConfigurationError } from '../errors';

/**
 * Loads a package that only the local gateway needs, and that a deployment therefore does not install.
 *
 * @param name Name of the package.
 * @param load The `import()` of it, written out at the caller so that types and bundlers see it.
 */
export async function optionalPackage<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error, name)) throw error;

    throw new GatewayConfigurationError([
      {
        code: 'PACKAGE_MISSING',
        at: 'secure-api-gateway local',
        message: `needs the package '${name}', which is not installed`,
        remedy: `npm install --save-dev ${name}`,
      },
    ]);
  }
}

function isMissing(error: unknown, name: string): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND') &&
    error.message.includes(`'${name}'`)
  );
}
