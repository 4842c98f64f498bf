import type { GatewayBody } from './compiled-api';
import type { CompiledOperation } from './compiled-operation';
import { FindingSeverity, type Report } from './report';
import type { DocumentSource } from './source';

/** API Gateway's quota of resources an API, which AWS raises on request (aws-facts 5.1). */
const DEFAULT_MAXIMUM_RESOURCES = 300;

/** Largest CloudFormation template; a body is a part of it (aws-facts 5.5). */
export const MAXIMUM_TEMPLATE_BYTES = 1_000_000;

export const WAY_OUT =
  'split the document in two gateways, by backend for example, or drop operations that need no gateway';

/** Reports a body that cannot be deployed for its size, with the numbers; the whole template is measured later. */
export function checkLimits(
  body: GatewayBody,
  operations: readonly CompiledOperation[],
  maximumResources: number = DEFAULT_MAXIMUM_RESOURCES,
  source: DocumentSource,
  report: Report,
): void {
  const bytes = Buffer.byteLength(JSON.stringify(body));
  if (bytes > MAXIMUM_TEMPLATE_BYTES) {
    report.problem(
      'TEMPLATE_TOO_LARGE',
      source.root,
      `the compiled body has ${bytes} bytes for ${operations.length} operations and ${Object.keys(body.components.schemas ?? {}).length} models, a CloudFormation template at most ${MAXIMUM_TEMPLATE_BYTES}`,
      WAY_OUT,
    );
  }
  const resources = countResources(Object.keys(body.paths));
  if (resources > maximumResources) {
    report.finding(source.child(source.root, 'paths'), {
      code: 'RESOURCE_QUOTA',
      severity: FindingSeverity.WARNING,
      message: `the paths make ${resources} resources, the quota of an API is ${maximumResources} unless AWS has raised it`,
      remedy: `ask AWS to raise 'Resources per API' to ${resources} or more before deploying, or ${WAY_OUT}`,
      fact: '5.1',
    });
  }
}

/** Resources API Gateway makes of paths: one for each distinct beginning, the root included. */
export function countResources(paths: readonly string[]): number {
  const beginnings = new Set(['/']);
  for (const path of paths) {
    for (let at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1))
      beginnings.add(path.slice(0, at));
    beginnings.add(path);
  }
  return beginnings.size;
}
