import { createRequire } from 'node:module';
import { GatewayConfigurationError } from '../errors';

const load = createRequire(__filename);

/** What serving a gateway of this library needs, and what its commands do; all that is missing is told at once. */
const SERVING: readonly string[] = [
  'dynalite',
  'oidc-provider',
  '@peculiar/x509',
  'reflect-metadata',
  'ajv',
  'ajv-draft-04',
  're2js',
];
const COMMANDS: readonly string[] = [
  '@aws-sdk/client-api-gateway',
  '@aws-sdk/client-cloudformation',
  '@aws-sdk/client-cloudwatch-logs',
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/client-lambda',
];

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
  const lacking = missingPackage(cause);
  if (lacking === undefined || (lacking !== name && !SERVING.includes(lacking))) return cause;
  const together = [SERVING, COMMANDS].find((names) => names.includes(lacking)) ?? [];
  const others = together.filter((other) => other !== lacking && !isInstalled(other));

  return new GatewayConfigurationError([
    {
      code: 'MISSING_PACKAGE',
      at: together === COMMANDS ? 'command line' : 'local gateway',
      message: `the package '${lacking}' is not installed`,
      remedy: `npm install --save-dev ${[lacking, ...others].join(' ')}`,
    },
  ]);
}

/** The package a module was not found of: the one asked for, or one that it asks for itself. */
function missingPackage(cause: unknown): string | undefined {
  if (!(cause instanceof Error && 'code' in cause)) return undefined;
  if (cause.code !== 'MODULE_NOT_FOUND' && cause.code !== 'ERR_MODULE_NOT_FOUND') return undefined;

  return /'((?:@[^/']+\/)?[^/']+)(?:\/[^']*)?'/.exec(cause.message)?.[1];
}

function isInstalled(name: string): boolean {
  try {
    load.resolve(name);
    return true;
  } catch (cause) {
    // one that only `import` may load is there all the same
    return missingPackage(cause) === undefined;
  }
}
