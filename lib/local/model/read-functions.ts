import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listOf, numberOf, objectOf, textOf, textsOf } from '../template/read';
import type { TemplateResolver } from '../template/resolver';
import type { FunctionModel } from './api';

/** The function behind an ARN, with or without a version or alias; undefined if the template has none. */
export function readFunction(resolver: TemplateResolver, functionArn: string): FunctionModel | undefined {
  const id = resolver
    .idsOf('AWS::Lambda::Function')
    .find((candidate) => sameFunction(functionArn, resolver.attribute(candidate, 'Arn')));
  if (!id) return undefined;

  const properties = resolver.properties(id);
  const name = String(resolver.reference(id));
  const memory = numberOf(properties['MemorySize']) ?? 128;
  const reserved = numberOf(properties['ReservedConcurrentExecutions']);
  return {
    logicalId: id,
    name,
    arn: resolver.attribute(id, 'Arn'),
    folder: readCode(resolver, id, objectOf(properties['Code'])),
    handler: textOf(properties['Handler']) ?? 'index.handler',
    environment: textsOf(objectOf(properties['Environment'])['Variables']),
    timeoutMillis: (numberOf(properties['Timeout']) ?? 3) * 1000,
    memoryMegabytes: memory,
    ...(reserved !== undefined && { reservedConcurrency: reserved }),
    logGroup: textOf(objectOf(properties['LoggingConfig'])['LogGroup']) ?? `/aws/lambda/${name}`,
    permittedSources: readPermissions(resolver, id),
  };
}

/** The function's ARN in an invocation URI of API Gateway, qualifier included. */
export function functionArnOf(invocationUri: string): string | undefined {
  return /\/functions\/(arn:[^/]+)\/invocations$/.exec(invocationUri)?.[1];
}

function sameFunction(arn: string, functionArn: string): boolean {
  return arn === functionArn || arn.startsWith(`${functionArn}:`);
}

function readCode(resolver: TemplateResolver, id: string, code: Readonly<Record<string, unknown>>): string {
  const inline = textOf(code['ZipFile']);
  if (inline !== undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'secure-api-gateway-'));
    writeFileSync(join(folder, 'index.js'), inline);
    return folder;
  }

  const key = textOf(code['S3Key']) ?? textOf(code['ImageUri']) ?? '';
  const folder = resolver.stack.asset(key);
  if (folder) return folder;

  resolver.unresolved(
    `code of function ${id} (${key})`,
    'the assembly has no such asset',
    'synthesize the app again',
  );
  return '';
}

function readPermissions(resolver: TemplateResolver, functionId: string): readonly string[] {
  const functionArn = resolver.attribute(functionId, 'Arn');
  const functionName = String(resolver.reference(functionId));
  return resolver.idsOf('AWS::Lambda::Permission').flatMap((id) => {
    const { FunctionName: target, Principal, SourceArn, Action } = resolver.properties(id);
    if (Principal !== 'apigateway.amazonaws.com') return [];
    if (!listOf(['lambda:InvokeFunction', 'lambda:*']).includes(Action)) return [];
    if (typeof target !== 'string') return [];
    if (target !== functionName && !sameFunction(target, functionArn)) return [];

    return [textOf(SourceArn) ?? '*'];
  });
}
