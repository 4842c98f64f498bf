import { flagOf, type Json, listOf, numberOf, objectOf, textOf, textsOf } from '../template/read';
import type { TemplateResolver } from '../template/resolver';
import type { StageModel, ThrottleModel } from './api';

/** The first stage of the API in the template, or one as API Gateway's console would make. */
export function readStage(resolver: TemplateResolver, apiId: string): StageModel {
  const id = resolver
    .idsOf('AWS::ApiGateway::Stage')
    .find((candidate) => resolver.properties(candidate)['RestApiId'] === apiId);
  if (!id) {
    return {
      logicalId: '',
      name: 'prod',
      variables: {},
      throttles: {},
      ignored: [],
      clientCertificate: false,
    };
  }

  const properties = resolver.properties(id);
  const accessLog = objectOf(properties['AccessLogSetting']);
  const format = textOf(accessLog['Format']);
  return {
    logicalId: id,
    name: textOf(properties['StageName']) ?? 'prod',
    variables: textsOf(properties['Variables']),
    ...(format && { accessLog: { format, logGroup: groupName(textOf(accessLog['DestinationArn']) ?? '') } }),
    throttles: readThrottles(properties['MethodSettings']),
    ignored: ignoredOf(properties),
    clientCertificate: textOf(properties['ClientCertificateId']) !== undefined,
  };
}

function ignoredOf(properties: Json): readonly string[] {
  const cached = listOf(properties['MethodSettings']).some((setting) =>
    flagOf(objectOf(setting)['CachingEnabled']),
  );
  return [
    ...(cached || flagOf(properties['CacheClusterEnabled'])
      ? ['the cache of the stage: every request is served anew']
      : []),
    ...(properties['CanarySetting'] ? ['the canary of the stage'] : []),
  ];
}

function readThrottles(settings: unknown): Record<string, ThrottleModel> {
  const throttles: Record<string, ThrottleModel> = {};
  for (const setting of listOf(settings).map(objectOf)) {
    const rate = numberOf(setting['ThrottlingRateLimit']);
    const burst = numberOf(setting['ThrottlingBurstLimit']);
    if (rate === undefined && burst === undefined) continue;

    const path = (textOf(setting['ResourcePath']) ?? '/*').replaceAll('~1', '/').replace(/^\/\//, '/');
    const key = `${textOf(setting['HttpMethod']) ?? '*'} ${path === '/*' ? '*' : path}`;
    throttles[key] = { rate: rate ?? Number.POSITIVE_INFINITY, burst: burst ?? Number.POSITIVE_INFINITY };
  }
  return throttles;
}

/** `arn:aws:logs:…:log-group:<name>:*`, or of a delivery stream. */
function groupName(destination: string): string {
  return /:log-group:([^:]+)/.exec(destination)?.[1] ?? destination;
}

/** Whether the API's own endpoint is off, and under which base path a domain serves it. */
export function readDomain(
  resolver: TemplateResolver,
  apiId: string,
  stage: StageModel,
): { readonly domainName: string; readonly basePath: string } | undefined {
  const mapped = resolver
    .idsOf('AWS::ApiGateway::BasePathMapping')
    .map((id) => resolver.properties(id))
    .find(
      (mapping) => mapping['RestApiId'] === apiId && (!mapping['Stage'] || mapping['Stage'] === stage.name),
    );
  if (mapped) {
    return {
      domainName: textOf(mapped['DomainName']) ?? '',
      basePath: textOf(mapped['BasePath'])?.replace('(none)', '') ?? '',
    };
  }

  const version2 = resolver
    .idsOf('AWS::ApiGatewayV2::ApiMapping')
    .map((id) => resolver.properties(id))
    .find((mapping) => mapping['ApiId'] === apiId && !flagOf(mapping['Disabled']));
  return (
    version2 && {
      domainName: textOf(version2['DomainName']) ?? '',
      basePath: textOf(version2['ApiMappingKey']) ?? '',
    }
  );
}
