import { isReservedHeader } from '../../protocol/identity-headers';
import { PROBLEM_MEDIA_TYPE, REFUSALS } from '../../protocol/refusals';
import type { CompiledApi } from '../compiled-api';
import { asObject, member } from '../json-pointer';
import type { OpenApiDocument } from '../open-api-document';
import { listOperations, type Operation } from '../operation';
import type { DocumentSource, Sourced } from '../source';
import { SelfContainedCopy } from './self-contained-copy';

/** Name of the component that describes every refusal. */
const PROBLEM = 'GatewayProblem';

const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'A refusal of the gateway (RFC 9457)',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable; clients may rely on it' },
    detail: { type: 'string' },
    requestId: { type: 'string' },
  },
};

/**
 * The document as the gateway enforces it, for those who write clients.
 *
 * In one file, with security written out, closed objects, the refusals of the gateway beside the service's
 * responses, and nothing of `x-gateway`.
 */
export function enforcedDocument(compiled: CompiledApi, document: OpenApiDocument): Record<string, unknown> {
  const source = document._source;
  const copy = new SelfContainedCopy(source, closedPlaces(compiled));
  const paths: Record<string, unknown> = {};
  for (const operation of listOperations(source)) {
    const item = (paths[operation.path] ?? pathItem(operation, compiled, copy)) as Record<string, unknown>;
    paths[operation.path] = item;
    item[operation.method.toLowerCase()] = enforcedOperation(operation, compiled, source, copy);
  }
  const root = asObject(source.root.value) ?? {};
  const { securitySchemes } = asObject(root['components']) ?? {};
  return {
    openapi: root['openapi'],
    info: copy.plain(source.child(source.root, 'info')),
    paths,
    components: {
      schemas: { ...copy.schemas, [PROBLEM]: PROBLEM_SCHEMA },
      ...(securitySchemes
        ? { securitySchemes: copy.plain(source.child(source.root, 'components', 'securitySchemes')) }
        : {}),
    },
  };
}

/** Where objects were closed, as the findings say. */
function closedPlaces({ findings }: CompiledApi): ReadonlySet<string> {
  return new Set(
    findings.filter(({ code }) => code === 'CLOSED').map(({ file, pointer }) => `${file}#${pointer}`),
  );
}

function pathItem(
  { pathItem: node }: Operation,
  compiled: CompiledApi,
  copy: SelfContainedCopy,
): Record<string, unknown> {
  const { parameters, summary, description } = asObject(copy.plain(node)) ?? {};
  return {
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined ? {} : { description }),
    ...sentParameters(parameters, compiled),
  };
}

/** Without those that only the gateway may send. */
function sentParameters(parameters: unknown, { identity }: CompiledApi): { readonly parameters?: unknown } {
  if (!Array.isArray(parameters)) return parameters === undefined ? {} : { parameters };

  const names = Object.values(identity.headers);
  const isOurs = (parameter: unknown) =>
    member(parameter, 'in') === 'header' && isReservedHeader(String(member(parameter, 'name')), names);
  return { parameters: parameters.filter((parameter) => !isOurs(parameter)) };
}

function enforcedOperation(
  { node, method, path, name }: Operation,
  compiled: CompiledApi,
  source: DocumentSource,
  copy: SelfContainedCopy,
): Record<string, unknown> {
  const written = asObject(copy.plain(node)) ?? {};
  const policy = Object.entries(compiled.policy.operations).find(
    ([key, { id }]) => key === `${method} ${path}` || id === (written['operationId'] ?? name),
  )?.[1];
  const isPublic = policy?.security.length === 0;
  return {
    ...written,
    ...sentParameters(written['parameters'], compiled),
    security: policy?.security ?? [],
    responses: {
      ...asObject(written['responses']),
      ...refusals(source.child(node, 'responses'), {
        isPublic,
        takesBody: policy?.mediaTypes !== undefined,
        isObserved: policy?.contract === 'observe',
      }),
    },
  };
}

interface Traits {
  readonly isPublic: boolean;
  readonly takesBody: boolean;
  readonly isObserved: boolean;
}

/** Statuses the gateway itself may answer, one response each; those the service describes are left to it. */
function refusals(described: Sourced, { isPublic, takesBody, isObserved }: Traits): Record<string, unknown> {
  const statuses = [...new Set(REFUSALS.map(({ status }) => status))].filter((status) => {
    if (status === 401) return !isPublic;
    if (status === 413) return takesBody;
    if (status === 415) return takesBody || !isObserved;
    return status !== 404;
  });
  return Object.fromEntries(
    statuses
      .filter((status) => member(described.value, String(status)) === undefined)
      .map((status) => [String(status), refusalResponse(status, takesBody)]),
  );
}

function refusalResponse(status: number, takesBody: boolean): unknown {
  const ofStatus = REFUSALS.filter(
    (refusal) => refusal.status === status && (takesBody || refusal.code !== 'INVALID_BODY'),
  );
  const codes = ofStatus.map(({ code }) => code).join(', ');
  const schema = { $ref: `#/components/schemas/${PROBLEM}` };
  // the web ACL knows no other JSON type than the plain one
  const mediaTypes = [400, 413, 415, 429].includes(status) ? ['application/json'] : [];
  return {
    description: `Refused by the gateway: ${codes}`,
    content: Object.fromEntries([PROBLEM_MEDIA_TYPE, ...mediaTypes].map((type) => [type, { schema }])),
  };
}
