import { findingAt, type ReviewFinding } from '../finding';
import { at, fieldsOf, listOf, type Resource } from '../model/template';
import { textOf, type World } from '../model/world';

const RULE = 'wildcard-cors';
const HEADER = /(^|\.)access-control-allow-origin$/i;

/** In a mapping template: any origin, or whichever asks. */
const IN_TEMPLATE = /access-control-allow-origin["'\]]*\s*=\s*(["']\*["']|["']?\$!?\{?input\.params)/i;

const ANY_ORIGIN = ['*', 'http://*', 'https://*'];

/** A mapping that gives back the origin that asks is no better. */
const ASKING_ORIGIN = /^method\.request\.(multivalue)?header\.origin$/i;

/** Lists of origins by type of resource. */
const ORIGINS: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGatewayV2::Api': ['CorsConfiguration', 'AllowOrigins'],
  'AWS::Lambda::Url': ['Cors', 'AllowOrigins'],
};

/** Of an HTTP API that is defined by a document. */
const IN_BODY = ['Body', 'x-amazon-apigateway-cors', 'allowOrigins'];

/** Answers that any web page may read. */
export function wildcardCors(world: World): ReviewFinding[] {
  return [
    ...world
      .ofType('AWS::ApiGateway::RestApi', 'AWS::ApiGateway::Method', 'AWS::ApiGateway::GatewayResponse')
      .flatMap((resource) =>
        mappedHeaders(resource.properties, 'Properties').map((location) => anyOrigin(resource, location)),
      ),
    ...world
      .ofType(...Object.keys(ORIGINS))
      .flatMap((resource) =>
        [ORIGINS[resource.type] ?? [], IN_BODY]
          .filter((path) => listOf(at(resource.properties, ...path)).some(isAnyOrigin))
          .map((path) => anyOrigin(resource, ['Properties', ...path].join('.'))),
      ),
  ];
}

function isAnyOrigin(origin: unknown): boolean {
  return ANY_ORIGIN.includes(textOf(origin).replace(/["']/g, '').trim());
}

/** Places below `value` where a mapping sets the header to any origin, single quotes being API Gateway's literals. */
function mappedHeaders(value: unknown, location: string): string[] {
  if (typeof value === 'string') return IN_TEMPLATE.test(value) ? [location] : [];
  if (Array.isArray(value))
    return value.flatMap((item, index) => mappedHeaders(item, `${location}.${index}`));

  return Object.entries(fieldsOf(value)).flatMap(([key, item]) => {
    const below = `${location}.${key}`;
    if (HEADER.test(key) && (isAnyOrigin(item) || ASKING_ORIGIN.test(textOf(item)))) return [below];
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
