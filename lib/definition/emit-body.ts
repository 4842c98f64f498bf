import { replacedCredentialHeaders } from '../protocol/credential-names';
import { type IdentityHeaderNames, includesHeader, unusedHeaders } from '../protocol/identity-headers';
import {
  AUTHORIZER_SCHEME,
  type GatewayBody,
  type GatewayOperation,
  type IntegrationPlaceholder,
  PLAN_SCHEME,
} from './compiled-api';
import type { CompiledOperation } from './compiled-operation';
import { type PathCors, refusalHeaders } from './cors';
import { preflight } from './emit-preflight';
import { gatewayResponses } from './gateway-responses';
import { member } from './json-pointer';
import { isText } from './media-types';
import type { SecurityScheme } from './security-schemes';
import type { DocumentSource } from './source';

/** Name of the one request validator, which judges bodies only: parameters are the authorizer's. */
const BODY_VALIDATOR = 'body';

const AUTHORIZER_SECURITY = [{ [AUTHORIZER_SCHEME]: [] }, { [PLAN_SCHEME]: [] }];

/** What of the document the body is written from, all passes being through. */
export interface BodyParts {
  readonly source: DocumentSource;
  readonly operations: readonly CompiledOperation[];
  readonly schemes: readonly SecurityScheme[];
  readonly models: Readonly<Record<string, unknown>>;
  readonly cors: readonly PathCors[];
  readonly identityHeaders: IdentityHeaderNames;
  readonly emitUnproven: boolean;
}

/** Writes the document as API Gateway imports it; nothing of the original is copied but names. */
export function emitBody({
  source,
  operations,
  schemes,
  models,
  cors,
  identityHeaders,
  emitUnproven,
}: BodyParts): GatewayBody {
  const paths: Record<string, Record<string, GatewayOperation>> = {};
  const credentialHeaders = schemes
    .flatMap(({ location }) => (location.in === 'header' ? [location.name] : []))
    .filter((name) => name !== 'authorization');
  const unused = unusedHeaders(identityHeaders);
  for (const compiled of operations) {
    const item = paths[compiled.gatewayPath.path] ?? {};
    paths[compiled.gatewayPath.path] = item;
    item[compiled.operation.method.toLowerCase()] = gatewayOperation(
      compiled,
      { credentialHeaders, unused },
      emitUnproven,
    );
  }
  for (const rules of cors) paths[rules.path] = { ...paths[rules.path], options: preflight(rules) };
  const info = source.child(source.root, 'info').value;
  const binaryMediaTypes = binaryBodies(operations);
  return {
    openapi: '3.0.1',
    info: { title: String(member(info, 'title')), version: String(member(info, 'version')) },
    paths,
    components: {
      schemas: models,
      securitySchemes: {
        [AUTHORIZER_SCHEME]: {
          type: 'apiKey',
          name: 'Unused',
          in: 'header',
          'x-amazon-apigateway-authtype': 'custom',
          'x-amazon-apigateway-authorizer': { type: 'request', authorizerResultTtlInSeconds: 0 },
        },
        [PLAN_SCHEME]: { type: 'apiKey', name: 'x-api-key', in: 'header' },
      },
    },
    'x-amazon-apigateway-api-key-source': 'AUTHORIZER',
    ...(binaryMediaTypes.length > 0 && { 'x-amazon-apigateway-binary-media-types': binaryMediaTypes }),
    'x-amazon-apigateway-request-validators': {
      [BODY_VALIDATOR]: { validateRequestBody: true, validateRequestParameters: false },
    },
    'x-amazon-apigateway-gateway-responses': gatewayResponses(schemes, refusalHeaders(cors)),
  };
}

/**
 * Media types whose bytes pass as they are. API Gateway reads all others as UTF-8, and writes U+FFFD for what is none
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html). It validates
 * no text less for them, as the range of all might.
 */
function binaryBodies(operations: readonly CompiledOperation[]): string[] {
  const mediaTypes = operations.flatMap(({ body }) => body?.content.map(({ mediaType }) => mediaType) ?? []);
  return [...new Set(mediaTypes)].filter((mediaType) => !isText(mediaType)).sort();
}

function gatewayOperation(
  compiled: CompiledOperation,
  headers: ClosedHeaders,
  emitUnproven: boolean,
): GatewayOperation {
  const { gatewayPath, models } = compiled;
  const validated = Object.keys(models).length > 0;
  return {
    ...(gatewayPath.variables.length > 0
      ? {
          parameters: gatewayPath.variables.map((name) => ({
            name,
            in: 'path',
            required: true,
            schema: { type: 'string' },
          })),
        }
      : {}),
    ...(validated ? { requestBody: { required: true, content: modelContent(models, emitUnproven) } } : {}),
    responses: { '200': { description: 'OK' } },
    security: AUTHORIZER_SECURITY,
    ...(validated ? { 'x-amazon-apigateway-request-validator': BODY_VALIDATOR } : {}),
    'x-amazon-apigateway-integration': placeholder(compiled, headers),
  };
}

function modelContent(models: Readonly<Record<string, string>>, emitUnproven: boolean): unknown {
  const entries = Object.entries(models).map(([mediaType, name]) => [
    mediaType,
    { schema: { $ref: `#/components/schemas/${name}` } },
  ]);
  const [first] = entries;
  // one model for whatever else comes, so that no media type goes unvalidated (aws-facts 4.2, 4.7)
  const fallback = emitUnproven && entries.length === 1 && first ? [['$default', first[1]]] : [];
  return Object.fromEntries([...entries, ...fallback]);
}

/** Headers of callers that no backend gets. */
interface ClosedHeaders {
  readonly credentialHeaders: readonly string[];
  /** Usual names of the identity's headers, where it has others. */
  readonly unused: readonly string[];
}

function placeholder(
  { operation, gatewayPath, backend, settings, parameters }: CompiledOperation,
  { credentialHeaders, unused }: ClosedHeaders,
): IntegrationPlaceholder {
  const declared = parameters.filter((rule) => rule.in === 'header').map(({ name }) => name);
  const asSent = includesHeader(declared, 'Cookie');
  const declaredCookies = !asSent && parameters.some((rule) => rule.in === 'cookie');
  const withheld = [
    ...unused,
    ...replacedCredentialHeaders(settings.contract?.value ?? 'enforce'),
    ...(declaredCookies ? [] : ['Cookie']),
  ];
  return {
    type: 'placeholder',
    backend,
    method: operation.method,
    path: gatewayPath.path,
    pathParameters: gatewayPath.variables,
    credentialHeaders,
    withheldHeaders: withheld.filter((name) => !includesHeader([...credentialHeaders, ...declared], name)),
    declaredCookies,
    ...(settings.timeout ? { timeoutMillis: settings.timeout.value } : {}),
  };
}
