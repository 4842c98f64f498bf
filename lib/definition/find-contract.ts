import type { CompiledOperation } from './compiled-operation';
import { member } from './json-pointer';
import { isJson } from './media-types';
import { FindingSeverity, type Report } from './report';
import { type Draft4, KEYWORDS, usesKeyword } from './schema';
import type { DocumentSource } from './source';
import { listed } from './suggestion';

/** Finds what of bodies and of the contract as a whole the gateway does not hold. */
export function findContractGaps(
  operations: readonly CompiledOperation[],
  source: DocumentSource,
  report: Report,
): void {
  const observed = new Set<string>();
  for (const compiled of operations) {
    findObserved(compiled, observed, report);
    findUninspected(compiled, report);
    findCredentialsInBody(compiled, report);
    findWithoutBody(compiled, report);
    findWithoutSchema(compiled, source, report);
    findOptionalBody(compiled, source, report);
    findRoundedSize(compiled, report);
  }
}

/**
 * Models with `not`, which `null`, exclusive bounds and `minItems: 1` come to. API Gateway's documentation neither
 * promises it nor lists it among what does not import.
 */
export function findAssumed(
  models: Readonly<Record<string, unknown>>,
  source: DocumentSource,
  report: Report,
): void {
  if (!Object.values(models).some((model) => usesKeyword(model as Draft4, 'not'))) return;
  report.finding(source.child(source.root, 'openapi'), {
    code: 'ASSUMED_KEYWORD',
    severity: FindingSeverity.INFO,
    message:
      "models have 'not' (for null, exclusive bounds, 'minItems' and the like), which API Gateway is taken to import, but does not say so",
    remedy: 'deploy to a stage of your own first: an import that fails is rolled back',
    ...(KEYWORDS['not'] ? { fact: KEYWORDS['not'].fact } : {}),
  });
}

/** Once for each place that says so, not once for each operation. */
function findObserved({ operation, settings }: CompiledOperation, seen: Set<string>, report: Report): void {
  const { contract } = settings;
  if (contract?.value !== 'observe') return;

  const key = `${contract.place.file}#${contract.place.pointer}`;
  if (seen.has(key)) return;
  seen.add(key);
  report.finding(contract.place, {
    code: 'CONTRACT_OBSERVED',
    severity: FindingSeverity.WARNING,
    ...(contract.level === 'operation' ? { operation: operation.name } : {}),
    message:
      'the contract is observed, not enforced: bodies are not validated, violations of parameters are only logged',
    remedy: "remove 'contract: observe' once the log shows no violation",
  });
}

function findUninspected({ operation, settings, body }: CompiledOperation, report: Report): void {
  const { uninspected } = settings;
  const opaque = (body?.content ?? []).filter(({ mediaType }) => !isJson(mediaType));
  if (!uninspected || !body || (opaque.length === 0 && body.sizeClass)) return;

  report.finding(uninspected.place, {
    code: 'UNINSPECTED_BODY',
    severity: FindingSeverity.WARNING,
    operation: operation.name,
    message: `the body ${opaque.length > 0 ? `as ${listed(opaque.map(({ mediaType }) => mediaType))}` : 'beyond 64 KB'} is not inspected: ${uninspected.value}`,
    remedy: 'let the service check it as if there were no gateway',
    fact: '4.2',
  });
}

function findCredentialsInBody({ operation, body, settings }: CompiledOperation, report: Report): void {
  const { credentialsInBody } = settings;
  if (!credentialsInBody || !body) return;

  report.finding(credentialsInBody.place, {
    code: 'CREDENTIALS_IN_BODY',
    severity: FindingSeverity.WARNING,
    operation: operation.name,
    message: `the service gets API keys and tokens that stand in a body: ${credentialsInBody.value}`,
    remedy: "remove 'credentialsInBody' if the operation takes none",
  });
}

/** What an operation says of a body it does not have. What it inherits is meant for others. */
function findWithoutBody({ operation, body, settings }: CompiledOperation, report: Report): void {
  if (body) return;

  for (const key of ['maxBody', 'uninspected', 'credentialsInBody'] as const) {
    const setting = settings[key];
    if (setting?.level !== 'operation') continue;
    report.finding(setting.place, {
      code: 'NOT_READ',
      severity: FindingSeverity.INFO,
      operation: operation.name,
      message: `'${key}' says nothing here: the operation declares no body`,
      remedy: "declare a 'requestBody', or remove it",
    });
  }
}

function findWithoutSchema(
  { operation, body }: CompiledOperation,
  source: DocumentSource,
  report: Report,
): void {
  const bare = (body?.content ?? []).filter(({ mediaType, schema }) => isJson(mediaType) && !schema);
  if (!body || bare.length === 0) return;

  report.finding(source.child(body.place, 'content'), {
    code: 'BODY_WITHOUT_SCHEMA',
    severity: FindingSeverity.WARNING,
    operation: operation.name,
    message: `${listed(bare.map(({ mediaType }) => mediaType))} has no schema, so any body passes`,
    remedy: "describe it under 'schema'",
  });
}

/** API Gateway judges an absent body as `{}` (aws-facts 4.8), which such a schema refuses. */
function findOptionalBody(
  { operation, body, models }: CompiledOperation,
  source: DocumentSource,
  report: Report,
): void {
  if (!body || body.required || Object.keys(models).length === 0) return;

  const demanding = body.content.some(({ schema }) => {
    const required = schema && member(source.deref(schema).value, 'required');
    return Array.isArray(required) && required.length > 0;
  });
  if (!demanding) return;

  report.finding(body.place, {
    code: 'BODY_DEMANDED',
    severity: FindingSeverity.INFO,
    operation: operation.name,
    message:
      'the body is optional in the document, but its schema has required properties, so API Gateway refuses its absence',
    remedy: "write 'required: true', which is what holds",
    fact: '4.8',
  });
}

/** Largest body API Gateway takes (aws-facts 5.2). */
const API_GATEWAY_MAXIMUM_BYTES = 10 * 1024 * 1024;

function findRoundedSize({ operation, settings, body }: CompiledOperation, report: Report): void {
  const { maxBody } = settings;
  if (!maxBody || !body) return;
  const held = body.sizeClass ? Number(body.sizeClass) * 1024 : API_GATEWAY_MAXIMUM_BYTES;
  if (maxBody.value === held) return;

  report.finding(maxBody.place, {
    code: 'NOT_ENFORCED',
    severity: FindingSeverity.INFO,
    operation: operation.name,
    message: `bodies of up to ${held} bytes pass: the web ACL measures 16, 32 and 64 KB only`,
    remedy: `${body.sizeClass ? `write '${body.sizeClass}KB', or ` : ''}let the service refuse more than ${maxBody.value} bytes`,
    fact: '7.10',
  });
}
