import { KEY_SET_PATH } from '../../protocol/signing-keys';
import { type Certainty, findingAt, type ReviewFinding } from '../finding';
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
    ...world.ofType('AWS::ApiGatewayV2::Api').flatMap(openInHttpApi),
    ...world.ofType('AWS::ApiGatewayV2::Route').filter(isOpenRoute).map(openRoute),
    ...world.ofType('AWS::Lambda::Url').filter(isUnguarded('AuthType')).map(openFunction),
  ];
}

function openInRestApi(api: Resource): ReviewFinding[] {
  return api.properties['BodyS3Location'] !== undefined
    ? [definedElsewhere(api)]
    : isOurs(api)
      ? unguardedInOurs(api)
      : openInBody(api);
}

function openInHttpApi(api: Resource): ReviewFinding[] {
  const { BodyS3Location, Target } = api.properties;
  if (BodyS3Location !== undefined) return [definedElsewhere(api)];
  if (Target === undefined) return openInBody(api);

  return [
    findingAt(api, {
      rule: RULE,
      location: 'Properties.Target',
      message: 'the route that comes with the API is open to anyone',
      remedy: REMEDY,
    }),
  ];
}

function definedElsewhere(api: Resource): ReviewFinding {
  return findingAt(api, {
    rule: RULE,
    certainty: 'unknown',
    location: 'Properties.BodyS3Location',
    message: 'the API is defined by a document outside the template',
    remedy: 'review the document, or define the API by an inline body',
  });
}

/** Without authorization, or with one that only the deployment knows. */
function isUnguarded(property: string): (resource: Resource) => boolean {
  return ({ properties }) => {
    const value = properties[property] ?? 'NONE';
    return typeof value !== 'string' || value.toUpperCase() === 'NONE';
  };
}

function certaintyOf({ properties }: Resource, property: string): Certainty {
  return typeof (properties[property] ?? '') === 'string' ? 'certain' : 'unknown';
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
  const authorizes = authenticatingSchemes(api).includes('authorizer');

  return operationsOf(api)
    .filter(({ integration }) => String(integration['type']).toLowerCase() !== 'mock')
    .filter(({ path, integration }) => path !== KEY_SET_PATH || isBackend(integration))
    .filter(({ security }) => !authorizes || !isGuarded(security))
    .map((operation) => inBody(api, operation, 'goes to a backend without authorizer and plan'));
}

/** One empty alternative would let anyone in. */
function isGuarded(security: BodyOperation['security']): boolean {
  const names = security.map((alternative) => Object.keys(alternative));
  return (
    names.every((some) => some.length > 0) &&
    ['authorizer', 'plan'].every((name) => names.flat().includes(name))
  );
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

function isOpenMethod(method: Resource): boolean {
  const { properties } = method;
  const isMock = fieldsOf(properties['Integration'])['Type'] === 'MOCK';
  if (properties['HttpMethod'] === 'OPTIONS' && isMock) return false;
  return isUnguarded('AuthorizationType')(method);
}

function openMethod(method: Resource): ReviewFinding {
  return openTo(method, `method ${String(method.properties['HttpMethod'])}`);
}

function isOpenRoute(route: Resource): boolean {
  return isUnguarded('AuthorizationType')(route) && listOf(route.properties['RouteKey']).length > 0;
}

function openRoute(route: Resource): ReviewFinding {
  return openTo(route, `route ${String(route.properties['RouteKey'])}`);
}

function openTo(resource: Resource, name: string): ReviewFinding {
  return findingAt(resource, {
    rule: RULE,
    certainty: certaintyOf(resource, 'AuthorizationType'),
    location: 'Properties.AuthorizationType',
    message: `${name} is open to anyone`,
    remedy: REMEDY,
  });
}

function openFunction(url: Resource): ReviewFinding {
  return findingAt(url, {
    rule: RULE,
    certainty: certaintyOf(url, 'AuthType'),
    location: 'Properties.AuthType',
    message: 'the function URL is open to anyone',
    remedy: "set 'AuthType' to AWS_IAM, or put an API with an authorizer before the function",
  });
}
