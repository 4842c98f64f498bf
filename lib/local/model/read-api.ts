import { readFileSync } from 'node:fs';
import { GatewayConfigurationError } from '../../errors';
import { flagOf, isObject, type Json, listOf, objectOf, textOf } from '../template/read';
import type { TemplateResolver } from '../template/resolver';
import type { ApiModel } from './api';
import { type BodyModel, readBody } from './read-body';
import { readGatewayResponseResources, readMethodResources, readModelResources } from './read-methods';
import { readDomain, readStage } from './read-stage';

/** The API that is served, and what of it is not as deployed. */
export interface ReadApi {
  readonly api: ApiModel;
  readonly ignored: readonly string[];
}

/** Reads a RestApi with all that belongs to it; without a logical id, the template's first. */
export function readApi(resolver: TemplateResolver, logicalId?: string): ReadApi {
  const ids = resolver.idsOf('AWS::ApiGateway::RestApi');
  const id = logicalId ? ids.find((candidate) => candidate === logicalId) : ids[0];
  if (!id) {
    throw new GatewayConfigurationError([
      {
        code: 'NO_REST_API',
        at: resolver.stack.name,
        message: logicalId ? `the template has no REST API '${logicalId}'` : 'the template has no REST API',
        remedy: `name a stack that has one${ids.length > 0 ? `, or one of: ${ids.join(', ')}` : ''}`,
      },
    ]);
  }

  const properties = resolver.properties(id);
  const apiId = String(resolver.reference(id));
  const imported = bodyOf(resolver, properties);
  const body = readBody(imported);
  const stage = readStage(resolver, apiId);
  const domain = readDomain(resolver, apiId, stage);
  const methods = [...body.methods, ...readMethodResources(resolver, apiId)];
  return {
    api: {
      logicalId: id,
      id: apiId,
      account: resolver.stack.account,
      region: resolver.stack.region,
      stage,
      basePath: domain ? domain.basePath : stage.name,
      ...(domain && { domainName: domain.domainName }),
      methods,
      schemas: { ...body.schemas, ...readModelResources(resolver, apiId) },
      gatewayResponses: { ...body.gatewayResponses, ...readGatewayResponseResources(resolver, apiId) },
      apiKeySource: keySource(properties, body),
      binaryMediaTypes: [...body.binaryMediaTypes, ...listOf(properties['BinaryMediaTypes']).map(String)],
    },
    ignored: [...body.ignored, ...stage.ignored, ...ignoredOf(properties, imported, methods, ids, id)],
  };
}

function bodyOf(resolver: TemplateResolver, properties: Json): Json {
  if (isObject(properties['Body'])) return properties['Body'];

  const location = objectOf(properties['BodyS3Location']);
  const key = textOf(location['Key']);
  if (key === undefined) return {};

  const path = resolver.stack.asset(key);
  if (path) return objectOf(JSON.parse(readFileSync(path, 'utf8')));

  resolver.unresolved(
    `body of the REST API (${key})`,
    'the assembly has no such asset',
    'synthesize the app again',
  );
  return {};
}

function keySource(properties: Json, body: BodyModel): ApiModel['apiKeySource'] {
  const source = body.apiKeySource ?? textOf(properties['ApiKeySourceType']);
  return source === 'AUTHORIZER' ? 'AUTHORIZER' : 'HEADER';
}

function ignoredOf(
  properties: Json,
  body: Json,
  methods: ApiModel['methods'],
  ids: readonly string[],
  served: string,
): string[] {
  const ignored: string[] = [];
  if (properties['Policy'] ?? body['x-amazon-apigateway-policy'])
    ignored.push('the resource policy of the REST API');
  if (flagOf(properties['DisableExecuteApiEndpoint'])) {
    ignored.push('that the default endpoint is off: this address stands for the domain');
  }
  const compression =
    body['x-amazon-apigateway-minimum-compression-size'] ?? properties['MinimumCompressionSize'];
  if (compression !== undefined) ignored.push('compression of responses');
  for (const other of ids.filter((id) => id !== served)) ignored.push(`REST API ${other}`);
  for (const { httpMethod, resourcePath, authorizer, integration } of methods) {
    const at = `${httpMethod} ${resourcePath}`;
    if (authorizer?.kind === 'unsupported') {
      ignored.push(`authorizer '${authorizer.name}' (${authorizer.type}): ${at} answers 500`);
    }
    if (integration.type === 'UNSUPPORTED') {
      ignored.push(`integration type ${integration.declaredType}: ${at} answers 500`);
    }
  }
  return ignored;
}
