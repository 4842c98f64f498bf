import { type CompiledApi, type CompileOptions, compile, OpenApiDocument } from '../../lib/definition';
import { GatewayConfigurationError } from '../../lib/errors';

export const OPTIONS: CompileOptions = { authentication: ['jwt'], backends: ['orders'] };

/** A document that compiles, with one operation, for tests to change. */
export function minimalDocument(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: { title: 'Orders', version: '1' },
    security: [{ jwt: ['orders:read'] }],
    paths: { '/orders': { get: { operationId: 'listOrders' } } },
    components: { securitySchemes: { jwt: { type: 'http', scheme: 'bearer' } } },
    ...changes,
  };
}

/** Compiles a document given as an object or as text. */
export function compiled(document: unknown, options: Partial<CompileOptions> = {}): CompiledApi {
  const text = typeof document === 'string' ? document : JSON.stringify(document, null, 2);
  return compile(OpenApiDocument.fromString(text, { path: 'openapi.json' }), { ...OPTIONS, ...options });
}

/** Compiles a document whose paths are these. */
export function compiledPaths(
  paths: Record<string, unknown>,
  options: Partial<CompileOptions> = {},
): CompiledApi {
  return compiled(minimalDocument({ paths }), options);
}

/** `CODE message` of each problem; empty if there is none. */
export function problemsOf(run: () => unknown): string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (!(error instanceof GatewayConfigurationError)) throw error;
    return error.problems.map(({ code, message }) => `${code} ${message}`);
  }
}

/** The codes of the problems of a document. */
export function codesOf(document: unknown, options: Partial<CompileOptions> = {}): string[] {
  return problemsOf(() => compiled(document, options)).map((line) => line.split(' ', 1)[0] ?? '');
}

/** The codes of the findings of a document. */
export function findingsOf(document: unknown, options: Partial<CompileOptions> = {}): string[] {
  return compiled(document, options).findings.map(({ code }) => code);
}
