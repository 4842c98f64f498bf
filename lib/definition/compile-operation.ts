import { chooseBackend } from './choose-backend';
import type { CompileOptions } from './compile-options';
import type { CompiledOperation } from './compiled-operation';
import { expandSecurity } from './expand-security';
import type { SettingsReader } from './inherit-settings';
import type { Operation } from './operation';
import { compileParameters } from './parameters';
import { type OperationBody, readBody } from './read-body';
import type { Report } from './report';
import type { ModelRegistry, Shapes } from './schema';
import type { SecurityScheme } from './security-schemes';
import type { DocumentSource } from './source';
import type { GatewayPath } from './unify-paths';

/** What the passes over one operation share. */
export interface OperationContext {
  readonly source: DocumentSource;
  readonly report: Report;
  readonly options: CompileOptions;
  readonly settings: SettingsReader;
  readonly schemes: ReadonlyMap<string, SecurityScheme | undefined>;
  readonly registry: ModelRegistry;
  readonly shapes: Shapes;
  /** Headers only the gateway may set. */
  readonly identityNames: readonly string[];
}

/** Runs every pass over one operation, in the order of the pipeline. */
export function compileOperation(
  operation: Operation,
  gatewayPath: GatewayPath,
  context: OperationContext,
): CompiledOperation {
  const { source, report, options, schemes, identityNames } = context;
  const settings = context.settings.settingsOf(operation);
  const observe = settings.contract?.value === 'observe';
  const { authentication, backends } = options;
  const security = expandSecurity(operation, settings, { source, report, schemes, authentication });
  const parameters = compileParameters(operation.pathItem, operation.node, {
    source,
    report,
    dialect: source.dialect,
    operation: operation.name,
    observe,
    shapes: context.shapes,
    place: operation.node,
    identityNames,
  });
  const body = readBody(operation, settings, source, report);
  const id = source.child(operation.node, 'operationId').value;
  return {
    operation,
    id: typeof id === 'string' ? id : operation.name,
    settings,
    security,
    backend: chooseBackend(operation, settings, backends, report),
    ...(body ? { body } : {}),
    models: body && !observe ? compileModels(operation, body, context) : {},
    gatewayPath,
    parameters,
  };
}

function compileModels(
  operation: Operation,
  body: OperationBody,
  { source, registry }: OperationContext,
): Readonly<Record<string, string>> {
  const { required } = body;
  const options = { dialect: source.dialect, closed: true, operation: operation.name, optional: !required };
  return Object.fromEntries(
    body.content.flatMap(({ mediaType, schema }) =>
      schema ? [[mediaType, registry.model(schema, options)]] : [],
    ),
  );
}
