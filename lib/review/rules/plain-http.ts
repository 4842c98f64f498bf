import { findingAt, type ReviewFinding } from '../finding';
import { operationsOf } from '../model/api-body';
import { at, listOf, type Resource } from '../model/template';
import { textOf, type World } from '../model/world';

const RULE = 'plain-http';

/** A connection in clear text, or to a server whose certificate nobody checks. */
export function plainHttp(world: World): ReviewFinding[] {
  return [
    ...world.ofType('AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api').flatMap(inBody),
    ...world
      .ofType('AWS::ApiGateway::Method')
      .flatMap((method) =>
        inIntegration(method, at(method.properties, 'Integration', 'Uri'), 'Properties.Integration.Uri'),
      ),
    ...world.ofType('AWS::ApiGatewayV2::Integration').flatMap(inHttpApiIntegration),
    ...world.ofType('AWS::ElasticLoadBalancingV2::Listener').flatMap(inListener),
  ];
}

function inBody(api: Resource): ReviewFinding[] {
  return operationsOf(api).flatMap(({ name, path, method, integration }) => {
    const location = `Properties.Body.paths.${path}.${method}.x-amazon-apigateway-integration`;
    const unverified = at(integration, 'tlsConfig', 'insecureSkipVerification') === true;
    return [
      ...inIntegration(api, integration['uri'], `${location}.uri`, name),
      ...(unverified ? [unverifiedCertificate(api, name, `${location}.tlsConfig`)] : []),
    ];
  });
}

function inIntegration(
  resource: Resource,
  uri: unknown,
  location: string,
  name = 'the integration',
): ReviewFinding[] {
  if (!textOf(uri).toLowerCase().startsWith('http://')) return [];
  return [
    findingAt(resource, {
      rule: RULE,
      location,
      message: `${name} calls its backend in clear text`,
      remedy: 'call it by https, at the name in its certificate',
    }),
  ];
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
  if (isPrivate && at(properties, 'TlsConfig', 'ServerNameToVerify') === undefined) {
    return [
      findingAt(integration, {
        rule: RULE,
        location: 'Properties.TlsConfig',
        message: 'the integration calls its backend in clear text',
        remedy: "set 'ServerNameToVerify' to the name in the backend's certificate",
      }),
    ];
  }
  return inIntegration(integration, properties['IntegrationUri'], 'Properties.IntegrationUri');
}

function inListener(listener: Resource): ReviewFinding[] {
  const { Protocol, DefaultActions } = listener.properties;
  if (Protocol !== 'HTTP' || listOf(DefaultActions).every(redirectsToHttps)) return [];
  return [
    findingAt(listener, {
      rule: RULE,
      location: 'Properties.Protocol',
      message: `the listener on port ${String(listener.properties['Port'])} speaks plain HTTP`,
      remedy: 'give it a certificate, or let it redirect to https only',
    }),
  ];
}

function redirectsToHttps(action: unknown): boolean {
  return at(action, 'Type') === 'redirect' && at(action, 'RedirectConfig', 'Protocol') === 'HTTPS';
}
