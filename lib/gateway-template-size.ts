import { Stack } from 'aws-cdk-lib';
import type { CfnRestApi } from 'aws-cdk-lib/aws-apigateway';
import { MAXIMUM_TEMPLATE_BYTES, WAY_OUT } from './definition/check-limits';
import type { GatewayBody } from './definition/compiled-api';
import { GatewayConfigurationError, type Problem } from './errors';
import type { BodyToken } from './gateway-body-token';

/** Of all bodies in a stack; smaller ones leave room for whatever else there is, indentation included. */
const LARGE_BYTES = 250_000;

const bodies = new WeakMap<Stack, BodyToken[]>();

/** How much more than its parts a template may have: by overrides, and by indentation. */
const MARGIN = 1.05;
const INDENTATION = 2.5;

/**
 * Fails where the template is larger than CloudFormation takes.
 *
 * The compiler cannot tell: integrations, references, indentation and what else the stack holds come later. To make a
 * large template once more takes its time, so only one is made that could be too large.
 */
export function guardTemplateSize(restApi: CfnRestApi, body: BodyToken, compiled: GatewayBody): void {
  const stack = Stack.of(restApi);
  bodies.set(stack, [...(bodies.get(stack) ?? []), body]);
  restApi.node.addValidation({
    validate: () => (mayBeTooLarge(restApi, body) ? tooLarge(restApi, compiled) : []),
  });
}

function mayBeTooLarge(restApi: CfnRestApi, body: BodyToken): boolean {
  const stack = Stack.of(restApi);
  const bytes = (each: BodyToken) => each.bytes((value) => stack.resolve(value));
  const ofBodies = bodies.get(stack)?.reduce((sum, each) => sum + bytes(each), 0) ?? 0;
  if (ofBodies < LARGE_BYTES) return false;

  const others = body.abridged(() => bytesOf(stack['_toCloudFormation']()));
  return (bytes(body) + others) * MARGIN * (isIndented(stack) ? INDENTATION : 1) > MAXIMUM_TEMPLATE_BYTES;
}

function tooLarge(restApi: CfnRestApi, compiled: GatewayBody): string[] {
  const stack = Stack.of(restApi);
  const template = stack['_toCloudFormation']();
  const indentation = isIndented(stack) ? 1 : 0;
  const bytes = bytesOf(template, indentation);
  if (bytes <= MAXIMUM_TEMPLATE_BYTES) return [];

  const ofApi = bytesOf(template.Resources[stack.resolve(restApi.logicalId)], indentation);
  const plain = bytesOf(template);
  const problem: Problem = {
    code: 'TEMPLATE_TOO_LARGE',
    at: restApi.node.path,
    message: `the template has ${bytes} bytes, ${ofApi} of them for an API of ${sizeOf(compiled)}; CloudFormation takes at most ${MAXIMUM_TEMPLATE_BYTES}`,
    remedy:
      plain > MAXIMUM_TEMPLATE_BYTES
        ? `${WAY_OUT}; each gateway needs a stack, in which nothing else is large`
        : `leave out the indentation, without which it has ${plain}: 'suppressTemplateIndentation: true' on the stack, or "@aws-cdk/core:suppressTemplateIndentation": true in the context of cdk.json`,
  };
  return [new GatewayConfigurationError([problem]).message];
}

// as the CDK itself decides when it writes the template
function isIndented(stack: Stack): boolean {
  return !stack['_suppressTemplateIndentation'];
}

function bytesOf(value: unknown, indentation = 0): number {
  return Buffer.byteLength(JSON.stringify(value, undefined, indentation));
}

function sizeOf({ paths, components }: GatewayBody): string {
  const operations = Object.values(paths).flatMap((item) => Object.keys(item));
  return `${operations.length} operations and ${Object.keys(components.schemas ?? {}).length} models`;
}
