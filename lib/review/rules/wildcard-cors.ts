import { findingAt, type ReviewFinding } from '../finding';
import { at, fieldsOf, listOf, type Resource } from '../model/template';
import { textOf, type World } from '../model/world';

const RULE = 'wildcard-cors';
const HEADER = /(^|\.)access-control-allow-origin$/i;

/** Lists of origins by type of resource. */
const ORIGINS: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGatewayV2::Api': ['CorsConfiguration', 'AllowOrigins'],
  'AWS::Lambda::Url': ['Cors', 'AllowOrigins'],
};

/** Answers that any web page may read. */
export function wildcardCors(world: World): ReviewFinding[] {
  return [
    ...world
      .ofType('AWS::ApiGateway::RestApi', 'AWS::ApiGateway::Method', 'AWS::ApiGateway::GatewayResponse')
      .flatMap((resource) =>
        mappedHeaders(resource.properties, 'Properties').map((location) => anyOrigin(resource, location)),
      ),
    ...world.ofType(...Object.keys(ORIGINS)).flatMap((resource) => {
      const path = ORIGINS[resource.type] ?? [];
      const isAny = listOf(at(resource.properties, ...path)).includes('*');
      return isAny ? [anyOrigin(resource, ['Properties', ...path].join('.'))] : [];
    }),
  ];
}

/** Places below `value` where a mapping sets the header to any origin, single quotes being API Gateway's literals. */
function mappedHeaders(value: unknown, location: string): string[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => mappedHeaders(item, `${location}.${index}`));

  return Object.entries(fieldsOf(value)).flatMap(([key, item]) => {
    const below = `${location}.${key}`;
    if (HEADER.test(key) && textOf(item).replaceAll("'", '').trim() === '*') return [below];
    return mappedHeaders(item, below);
  });
}

function anyOrigin(resource: Resource, location: string): ReviewFinding {
  return findingAt(resource, {
    rule: RULE,
    location,
    message: 'any web page may read the answers',
    remedy: 'name the origins that need it',
  });
}
