import { GatewayConfigurationError, type Problem } from '../errors';
import { IDENTITY_HEADERS, reservedHeaders } from '../protocol/identity-headers';
import { checkCallerRules } from './check-caller-rules';
import { checkExtensionNames } from './check-extension-names';
import { checkLimits } from './check-limits';
import {
  checkMethods,
  checkOperationIds,
  checkSamePaths,
  checkUnusedNames,
  requireOperations,
} from './check-names';
import { checkPaths } from './check-path';
import { checkPathParameters } from './check-path-parameters';
import { checkReferences } from './check-references';
import { checkStructure } from './check-structure';
import { compileOperation } from './compile-operation';
import type { CompileOptions } from './compile-options';
import type { CompiledApi } from './compiled-api';
import type { CompiledOperation } from './compiled-operation';
import { gatherCors } from './cors';
import { emitBody } from './emit-body';
import { emitEdge, emitThrottles } from './emit-edge';
import { emitExchanges } from './emit-exchanges';
import { emitPolicy } from './emit-policy';
import { failOnFindings } from './fail-on-findings';
import { findAssumed, findContractGaps } from './find-contract';
import { findWeakSecurity } from './find-security';
import { findUnread } from './find-unread';
import { gatherRedactions } from './gather-redactions';
import { SettingsReader } from './inherit-settings';
import type { OpenApiDocument } from './open-api-document';
import { listOperations, type Operation } from './operation';
import { FindingSeverity, Report } from './report';
import { ModelRegistry, References, Shapes } from './schema';
import { readSecuritySchemes, type SecurityScheme } from './security-schemes';
import { unifyPaths } from './unify-paths';

/**
 * Compiles a document into what each room of the gateway acts on.
 *
 * Throws a `GatewayConfigurationError` with every problem found; a document that compiles has no operation
 * that is open without saying so twice.
 */
export function compile(document: OpenApiDocument, options: CompileOptions): CompiledApi {
  const source = document._source;
  const report = new Report(source);
  const { emitUnproven = false, identityHeaders = IDENTITY_HEADERS } = options;
  const identityNames = Object.values(identityHeaders);

  checkStructure(source, report);
  checkReferences(source);
  throwProblems(report.problems.length > 0);

  const declared = listOperations(source);
  checkExtensionNames(source, report);
  requireOperations(declared, source, report);
  const schemes = readSecuritySchemes(source, report, identityNames);
  const registry = new ModelRegistry(source, report, { emitUnproven });
  const shapes = new Shapes(new References(source, source.dialect), source.dialect);
  const operations = compileOperations(declared);
  checkMethods(declared, report);
  checkOperationIds(declared, source, report);
  checkSamePaths(operations, report);
  checkPathParameters(operations, report);
  checkCallerRules(operations, report);
  checkUnusedNames(operations, schemes, options, source, report);

  const used = usedSchemes(operations, schemes);
  const credentialHeaders = used.flatMap(({ location }) => (location.in === 'header' ? [location.name] : []));
  const cors = gatherCors(operations, credentialHeaders, report);
  const audit = gatherRedactions(operations, used, source, report);
  report.problems.push(...source.overlayProblems);
  throwProblems(report.problems.length + source.problems.length > 0);

  findOddActions(source, report);
  findWeakSecurity(operations, schemes, report);
  findContractGaps(operations, source, report);
  findUnread(declared, source, report);
  const models = registry.schemas;
  findAssumed(models, source, report);
  const body = emitBody({ source, operations, schemes: used, models, cors, identityHeaders, emitUnproven });
  const fromCallers = operations.flatMap(({ parameters }) =>
    parameters.filter((rule) => rule.in === 'header').map(({ name }) => name),
  );
  checkLimits(body, operations, options.maximumResources, source, report);
  failOnFindings(options.failOn, report);
  throwProblems(report.problems.length > 0);

  return {
    body,
    identity: {
      headers: identityHeaders,
      reserved: reservedHeaders(identityHeaders, [...fromCallers, ...credentialHeaders]),
    },
    policy: emitPolicy(operations, used),
    edge: emitEdge(operations),
    stage: { throttles: emitThrottles(operations) },
    exchanges: emitExchanges(operations, source),
    audit,
    findings: report.findings,
  };

  function compileOperations(list: readonly Operation[]): CompiledOperation[] {
    const paths = [...new Set(list.map(({ path }) => path))];
    checkPaths(source, report, paths);
    const gatewayPaths = unifyPaths(paths);
    const settings = new SettingsReader(source, report, options);
    const context = { source, report, options, settings, schemes, registry, shapes, identityNames };
    return list.flatMap((operation) => {
      const gatewayPath = gatewayPaths.get(operation.path);
      return gatewayPath ? [compileOperation(operation, gatewayPath, context)] : [];
    });
  }

  function throwProblems(any: boolean): void {
    if (any) throw new GatewayConfigurationError([...source.problems, ...report.problems].sort(byPlace));
  }
}

const ODD_ACTIONS = {
  OVERLAY_WITHOUT_TARGET: {
    message: 'selects nothing, so this action does nothing',
    remedy: 'mend the target, or remove the action: the document may have changed under it',
  },
  OVERLAY_ADDS_ALTERNATIVE: {
    message: "has 'security' already, and the update adds alternatives to it: either admits",
    remedy: "to replace it, remove it by an action before, whose target ends in '.security'",
  },
};

function findOddActions({ oddActions }: OpenApiDocument['_source'], report: Report): void {
  for (const { code, at, file, pointer, target } of oddActions) {
    const { message, remedy } = ODD_ACTIONS[code];
    report.findings.push({
      code,
      severity: FindingSeverity.WARNING,
      at,
      file,
      pointer,
      message: `target ${JSON.stringify(target)} ${message}`,
      remedy,
    });
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

/** In the order of the document. */
function byPlace(one: Problem, other: Problem): number {
  const [file, line, column] = placeOf(one);
  const [otherFile, otherLine, otherColumn] = placeOf(other);
  return file.localeCompare(otherFile) || line - otherLine || column - otherColumn;
}

function placeOf({ at }: Problem): [string, number, number] {
  const [, file = at, line, column] = /^(.*):(\d+):(\d+)$/.exec(at) ?? [];
  return [file, Number(line ?? 0), Number(column ?? 0)];
}
