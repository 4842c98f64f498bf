import { findingAt, type ReviewFinding } from '../finding';
import { operationsOf } from '../model/api-body';
import { at, type Fields, fieldsOf, listOf, type Resource } from '../model/template';
import { textOf, type World } from '../model/world';

const RULE = 'plain-http';

const HTTP_API = 'AWS::ApiGatewayV2::Api';

/** A connection in clear text, or to a server whose certificate nobody checks. */
export function plainHttp(world: World): ReviewFinding[] {
  return [
    ...world.ofType('AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api').flatMap(inBody),
    ...world.ofType('AWS::ApiGateway::Method').flatMap((method) =>
      inIntegration(method, fieldsOf(method.properties['Integration']), {
        location: 'Properties.Integration.Uri',
        type: 'Type',
        uri: 'Uri',
      }),
    ),
    ...world.ofType('AWS::ApiGatewayV2::Integration').flatMap(inHttpApiIntegration),
    ...world
      .ofType('AWS::ElasticLoadBalancingV2::Listener')
      .flatMap((listener) => inListener(world, listener)),
  ];
}

/** Where an integration of its kind says what. */
interface IntegrationNames {
  readonly location: string;
  readonly name?: string;
  readonly type: string;
  readonly uri: string;
}

function inBody(api: Resource): ReviewFinding[] {
  return operationsOf(api).flatMap(({ name, path, method, integration }) => {
    const location = `Properties.Body.paths.${path}.${method}.x-amazon-apigateway-integration`;
    const unverified = at(integration, 'tlsConfig', 'insecureSkipVerification') === true;
    if (api.type === HTTP_API && isUnverifiedLink(integration['connectionType'], integration['tlsConfig'])) {
      return [clearText(api, `${location}.tlsConfig`, name)];
    }
    return [
      ...inIntegration(api, integration, { location: `${location}.uri`, name, type: 'type', uri: 'uri' }),
      ...(unverified ? [unverifiedCertificate(api, name, `${location}.tlsConfig`)] : []),
    ];
  });
}

function inIntegration(
  resource: Resource,
  integration: Fields,
  { location, name = 'the integration', type, uri }: IntegrationNames,
): ReviewFinding[] {
  const scheme = schemeOf(integration[uri]);
  if (scheme === 'http') return [clearText(resource, location, name)];
  // what is not called by a URI of its own has none to know
  if (scheme !== undefined || !/^http/i.test(String(integration[type] ?? ''))) return [];
  return [
    findingAt(resource, {
      rule: RULE,
      certainty: 'unknown',
      location,
      message: `${name} calls its backend by a scheme that only the deployment knows`,
      remedy: "write 'https://' out",
    }),
  ];
}

function clearText(resource: Resource, location: string, name: string): ReviewFinding {
  return findingAt(resource, {
    rule: RULE,
    location,
    message: `${name} calls its backend in clear text`,
    remedy: 'call it by https, at the name in its certificate',
  });
}

/** Undefined where only a deployment knows it; empty where there is none. */
function schemeOf(uri: unknown): string | undefined {
  if (uri === undefined) return '';
  const [, scheme] = /^\s*([a-z][a-z0-9+.-]*):/i.exec(headOf(uri)) ?? [];
  return scheme?.toLowerCase();
}

/** The literal text that a value begins with. */
function headOf(value: unknown): string {
  const [, parts] = listOf(fieldsOf(value)['Fn::Join']);
  // a gap ends it
  if (Array.isArray(parts))
    return (
      parts
        .map((part) => (typeof part === 'string' ? part : '${'))
        .join('')
        .split('${')[0] ?? ''
    );
  return textOf(value).split('${')[0] ?? '';
}

function unverifiedCertificate(api: Resource, name: string, location: string): ReviewFinding {
  return findingAt(api, {
    rule: RULE,
    location,
    message: `${name} accepts a certificate of any issuer`,
    remedy: 'give the backend a certificate of a public CA, which ACM issues free of charge',
  });
}

/** Through a VPC link an integration names a listener; it speaks TLS only with a name to verify. */
function inHttpApiIntegration(integration: Resource): ReviewFinding[] {
  const { properties } = integration;
  const isPrivate = properties['ConnectionType'] === 'VPC_LINK';
  if (isUnverifiedLink(properties['ConnectionType'], properties['TlsConfig'])) {
    return [
      findingAt(integration, {
        rule: RULE,
        location: 'Properties.TlsConfig',
        message: 'the integration calls its backend in clear text',
        remedy: "set 'ServerNameToVerify' to the name in the backend's certificate",
      }),
    ];
  }
  if (isPrivate) return [];
  return inIntegration(integration, properties, {
    location: 'Properties.IntegrationUri',
    type: 'IntegrationType',
    uri: 'IntegrationUri',
  });
}

function isUnverifiedLink(connectionType: unknown, tls: unknown): boolean {
  const name = at(tls, 'ServerNameToVerify') ?? at(tls, 'serverNameToVerify');
  return connectionType === 'VPC_LINK' && name === undefined;
}

function inListener(world: World, listener: Resource): ReviewFinding[] {
  const { Protocol = '', DefaultActions } = listener.properties;
  const actions = world
    .referrersOf(listener)
    .filter(({ type }) => type === 'AWS::ElasticLoadBalancingV2::ListenerRule')
    .flatMap(({ properties }) => listOf(properties['Actions']));
  const isKnown = typeof Protocol === 'string';
  if (isKnown && Protocol.toUpperCase() !== 'HTTP') return [];
  if ([...listOf(DefaultActions), ...actions].every(redirectsToHttps)) return [];
  return [
    findingAt(listener, {
      rule: RULE,
      certainty: isKnown ? 'certain' : 'unknown',
      location: 'Properties.Protocol',
      message: `the listener on port ${String(listener.properties['Port'])} speaks plain HTTP`,
      remedy: 'give it a certificate, or let it redirect to https only',
    }),
  ];
}

function redirectsToHttps(action: unknown): boolean {
  return at(action, 'Type') === 'redirect' && at(action, 'RedirectConfig', 'Protocol') === 'HTTPS';
}
