import { GatewayConfigurationError } from '../errors';
import { checkPaths } from './check-path';
import { chooseBackend } from './choose-backend';
import type { CompileOptions } from './compile-options';
import type { CompiledApi } from './compiled-api';
import type { CompiledOperation } from './compiled-operation';
import { emitBody } from './emit-body';
import { emitEdge, emitThrottles } from './emit-edge';
import { emitPolicy } from './emit-policy';
import { expandSecurity } from './expand-security';
import { SettingsReader } from './inherit-settings';
import type { OpenApiDocument } from './open-api-document';
import { listOperations, type Operation } from './operation';
import { compileParameters } from './parameters';
import { type OperationBody, readBody } from './read-body';
import { Report } from './report';
import { ModelRegistry } from './schema';
import { readSecuritySchemes, type SecurityScheme } from './security-schemes';
import type { Settings } from './setting';
import { type GatewayPath, unifyPaths } from './unify-paths';

/**
 * Compiles a document into what each room of the gateway acts on.
 *
 * Throws a `GatewayConfigurationError` with every problem found.
 */
export function compile(document: OpenApiDocument, options: CompileOptions): CompiledApi {
  const source = document._source;
  const report = new Report(source);
  const { emitUnproven = false } = options;

  const declared = listOperations(source);
  const paths = [...new Set(declared.map(({ path }) => path))];
  checkPaths(source, report, paths);
  const gatewayPaths = unifyPaths(paths);
  const settingsReader = new SettingsReader(source, report);
  const schemes = readSecuritySchemes(source, report);
  const registry = new ModelRegistry(source, report, { emitUnproven });

  const operations = declared.map((operation) => compileOperation(operation));
  const used = usedSchemes(operations, schemes);

  const problems = [...source.problems, ...report.problems];
  if (problems.length > 0) throw new GatewayConfigurationError(problems);

  return {
    body: emitBody({ source, operations, schemes: used, models: registry.schemas, emitUnproven }),
    policy: emitPolicy(operations, used),
    edge: emitEdge(operations),
    stage: { throttles: emitThrottles(operations) },
    audit: {
      redact: { headers: [], queryParameters: [], cookies: [], body: false },
      sensitive: [],
    },
    findings: report.findings,
  };

  function compileOperation(operation: Operation): CompiledOperation {
    const settings = settingsReader.settingsOf(operation);
    const body = readBody(operation, settings, source, report);
    const observe = settings.contract?.value === 'observe';
    const id = source.child(operation.node, 'operationId').value;
    return {
      operation,
      id: typeof id === 'string' ? id : operation.name,
      settings,
      security: expandSecurity(operation, settings, {
        source,
        report,
        schemes,
        authentication: options.authentication,
      }),
      backend: chooseBackend(operation, settings, options.backends, report),
      ...(body ? { body } : {}),
      models: body ? compileModels(operation, settings, body) : {},
      gatewayPath: gatewayPaths.get(operation.path) as GatewayPath,
      parameters: compileParameters(operation.pathItem, operation.node, {
        source,
        report,
        dialect: source.dialect,
        operation: operation.name,
        observe,
      }),
    };
  }

  function compileModels(
    operation: Operation,
    settings: Settings,
    body: OperationBody,
  ): Readonly<Record<string, string>> {
    if (settings.contract?.value === 'observe') return {};

    return Object.fromEntries(
      body.content.flatMap(({ mediaType, schema }) =>
        schema
          ? [
              [
                mediaType,
                registry.model(schema, { dialect: source.dialect, closed: true, operation: operation.name }),
              ],
            ]
          : [],
      ),
    );
  }
}

function usedSchemes(
  operations: readonly CompiledOperation[],
  schemes: ReadonlyMap<string, SecurityScheme | undefined>,
): SecurityScheme[] {
  const names = new Set(
    operations.flatMap(({ security }) =>
      security.alternatives.flatMap((alternative) => Object.keys(alternative)),
    ),
  );
  return [...schemes.values()].filter(
    (scheme) => scheme !== undefined && names.has(scheme.name),
  ) as SecurityScheme[];
}
