import { GatewayConfigurationError } from '../../errors';
import type { OperationPolicy } from '../../protocol/policy';
import type { CompiledApi } from '../compiled-api';
import { SettingsReader } from '../inherit-settings';
import type { OpenApiDocument } from '../open-api-document';
import { listOperations, type Operation } from '../operation';
import { Report } from '../report';
import type { Settings } from '../setting';
import type { DocumentSource, Sourced } from '../source';
import { suggestion } from '../suggestion';
import { type GatewayPath, unifyPaths } from '../unify-paths';

/** The operation to be explained: as declared, and as compiled. */
export interface Subject {
  readonly compiled: CompiledApi;
  readonly source: DocumentSource;
  readonly operation: Operation;
  readonly settings: Settings;
  readonly policy: OperationPolicy;
  readonly gatewayPath: GatewayPath;
  /** `file:line:column` of a node. */
  at(place: Sourced): string;
}

/** Finds an operation by method and path, as declared or as the gateway has it. */
export function findSubject(
  compiled: CompiledApi,
  document: OpenApiDocument,
  method: string,
  path: string,
): Subject {
  const source = document._source;
  const operations = listOperations(source);
  const gatewayPaths = unifyPaths([...new Set(operations.map((operation) => operation.path))]);
  const wanted = (operation: Operation): boolean =>
    operation.method === method.toUpperCase() &&
    (operation.path === path || gatewayPaths.get(operation.path)?.path === path);
  const operation =
    operations.find((candidate) => wanted(candidate) && candidate.path === path) ?? operations.find(wanted);
  const gatewayPath = operation && gatewayPaths.get(operation.path);
  const policy = gatewayPath && compiled.policy.operations[`${operation.method} ${gatewayPath.path}`];
  if (!operation || !gatewayPath || !policy) {
    const asked = `${method.toUpperCase()} ${path}`;
    const names = operations.map(({ name }) => name);
    throw new GatewayConfigurationError([
      {
        code: 'UNKNOWN_OPERATION',
        at: source.locate(source.child(source.root, 'paths')),
        message: `the document has no operation ${JSON.stringify(asked)}${suggestion(asked, names)}`,
        remedy: "give method and path as the document has them, such as 'GET /orders/{orderId}'",
      },
    ]);
  }
  const settings = new SettingsReader(source, new Report(source)).settingsOf(operation);
  return { compiled, source, operation, settings, policy, gatewayPath, at: (place) => source.locate(place) };
}
