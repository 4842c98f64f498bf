import { KEY_SET_PATH } from '../../protocol/signing-keys';
import { findingAt, type ReviewFinding } from '../finding';
import { authenticatingSchemes, type BodyOperation, isOurs, operationsOf } from '../model/api-body';
import { at, fieldsOf, listOf, type Resource } from '../model/template';
import type { World } from '../model/world';

const RULE = 'open-operation';
const REMEDY = 'put an authorizer before it; an API key meters callers and does not authenticate them';

/** An operation that anyone can call. */
export function openOperation(world: World): ReviewFinding[] {
  return [
    ...world.ofType('AWS::ApiGateway::RestApi').flatMap(openInRestApi),
    ...world.ofType('AWS::ApiGateway::Method').filter(isOpenMethod).map(openMethod),
    ...world.ofType('AWS::ApiGatewayV2::Api').flatMap(openInBody),
    ...world.ofType('AWS::ApiGatewayV2::Route').filter(isOpenRoute).map(openRoute),
  ];
}

function openInRestApi(api: Resource): ReviewFinding[] {
  if (api.properties['BodyS3Location'] !== undefined) {
    return [
      findingAt(api, {
        rule: RULE,
        certainty: 'unknown',
        location: 'Properties.BodyS3Location',
        message: 'the API is defined by a document outside the template',
        remedy: 'review the document, or define the API by an inline body',
      }),
    ];
  }
  return isOurs(api) ? unguardedInOurs(api) : openInBody(api);
}

function openInBody(api: Resource): ReviewFinding[] {
  const schemes = authenticatingSchemes(api);

  return operationsOf(api)
    .filter((operation) => !isPreflight(operation) && isOpen(operation, schemes))
    .map((operation) => inBody(api, operation, 'is open to anyone'));
}

/** API Gateway demands an authorizer that any alternative names, but nothing where one of them is empty. */
function isOpen({ security, operation }: BodyOperation, schemes: readonly string[]): boolean {
  if (at(operation, 'x-amazon-apigateway-auth', 'type') === 'AWS_IAM') return false;
  const names = security.map((alternative) => Object.keys(alternative));
  return names.some((some) => some.length === 0) || !names.flat().some((name) => schemes.includes(name));
}

/** Of ours, public operations too go through the authorizer and a plan; what the gateway answers itself does not. */
function unguardedInOurs(api: Resource): ReviewFinding[] {
  return operationsOf(api)
    .filter(({ integration }) => String(integration['type']).toLowerCase() !== 'mock')
    .filter(({ path, integration }) => path !== KEY_SET_PATH || isBackend(integration))
    .filter(({ security }) => !['authorizer', 'plan'].every((name) => security.some((one) => name in one)))
    .map((operation) => inBody(api, operation, 'goes to a backend without authorizer and plan'));
}

/** The gateway's own key set is answered by a function; anything else at its path is a backend. */
function isBackend(integration: Readonly<Record<string, unknown>>): boolean {
  return String(integration['type']).toLowerCase() !== 'aws_proxy';
}

function isPreflight({ method, integration }: BodyOperation): boolean {
  return method === 'options' && String(integration['type']).toLowerCase() === 'mock';
}

function inBody(api: Resource, { name, path, method }: BodyOperation, what: string): ReviewFinding {
  return findingAt(api, {
    rule: RULE,
    // a resource policy may keep callers out; what it lets in is not for this rule to tell
    certainty: hasPolicy(api) ? 'unknown' : 'certain',
    location: `Properties.Body.paths.${path}.${method}`,
    message: `${name} ${what}`,
    remedy: REMEDY,
  });
}

function hasPolicy({ properties }: Resource): boolean {
  return (properties['Policy'] ?? at(properties, 'Body', 'x-amazon-apigateway-policy')) !== undefined;
}

function isOpenMethod({ properties }: Resource): boolean {
  const isMock = fieldsOf(properties['Integration'])['Type'] === 'MOCK';
  if (properties['HttpMethod'] === 'OPTIONS' && isMock) return false;
  return (properties['AuthorizationType'] ?? 'NONE') === 'NONE';
}

function openMethod(method: Resource): ReviewFinding {
  return findingAt(method, {
    rule: RULE,
    location: 'Properties.AuthorizationType',
    message: `method ${String(method.properties['HttpMethod'])} is open to anyone`,
    remedy: REMEDY,
  });
}

function isOpenRoute({ properties }: Resource): boolean {
  return (properties['AuthorizationType'] ?? 'NONE') === 'NONE' && listOf(properties['RouteKey']).length > 0;
}

function openRoute(route: Resource): ReviewFinding {
  return findingAt(route, {
    rule: RULE,
    location: 'Properties.AuthorizationType',
    message: `route ${String(route.properties['RouteKey'])} is open to anyone`,
    remedy: REMEDY,
  });
}
