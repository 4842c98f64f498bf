import { flagOf, numberOf, objectOf, textOf, textsOf } from '../template/read';
import type { IntegrationModel, IntegrationResponseModel } from './api';

/** API Gateway's default and, unless raised, its longest (aws-facts 5.3). */
const DEFAULT_TIMEOUT_MILLIS = 29_000;

/** An integration as the body's extension describes it. */
export function integrationOfExtension(value: unknown): IntegrationModel {
  const integration = objectOf(value);
  const responses = Object.entries(objectOf(integration['responses'])).map(([pattern, response]) =>
    responseModel(pattern === 'default' ? undefined : pattern, objectOf(response)),
  );
  return integrationModel({
    type: textOf(integration['type']),
    httpMethod: textOf(integration['httpMethod']),
    uri: textOf(integration['uri']),
    vpcLink: integration['connectionType'] === 'VPC_LINK' ? textOf(integration['connectionId']) : undefined,
    target: textOf(integration['integrationTarget']),
    requestParameters: integration['requestParameters'],
    requestTemplates: integration['requestTemplates'],
    passthrough: textOf(integration['passthroughBehavior']),
    timeout: numberOf(integration['timeoutInMillis']),
    transferMode: textOf(integration['responseTransferMode']),
    credentials: integration['credentials'] !== undefined,
    insecure: flagOf(objectOf(integration['tlsConfig'])['insecureSkipVerification']),
    responses,
  });
}

/** An integration as a property of `AWS::ApiGateway::Method`. */
export function integrationOfMethod(value: unknown): IntegrationModel {
  const integration = objectOf(value);
  const responses = Array.isArray(integration['IntegrationResponses'])
    ? integration['IntegrationResponses']
    : [];
  return integrationModel({
    type: textOf(integration['Type']),
    httpMethod: textOf(integration['IntegrationHttpMethod']),
    uri: textOf(integration['Uri']),
    vpcLink: integration['ConnectionType'] === 'VPC_LINK' ? textOf(integration['ConnectionId']) : undefined,
    target: textOf(integration['IntegrationTarget']),
    requestParameters: integration['RequestParameters'],
    requestTemplates: integration['RequestTemplates'],
    passthrough: textOf(integration['PassthroughBehavior']),
    timeout: numberOf(integration['TimeoutInMillis']),
    transferMode: textOf(integration['ResponseTransferMode']),
    credentials: integration['Credentials'] !== undefined,
    insecure: false,
    responses: responses.map(objectOf).map((response) =>
      responseModel(textOf(response['SelectionPattern']), {
        statusCode: response['StatusCode'],
        responseParameters: response['ResponseParameters'],
        responseTemplates: response['ResponseTemplates'],
      }),
    ),
  });
}

function responseModel(
  pattern: string | undefined,
  response: Readonly<Record<string, unknown>>,
): IntegrationResponseModel {
  return {
    ...(pattern !== undefined && { selectionPattern: pattern }),
    statusCode: numberOf(response['statusCode']) ?? 200,
    responseParameters: textsOf(response['responseParameters']),
    responseTemplates: textsOf(response['responseTemplates']),
  };
}

function integrationModel(declared: {
  readonly type: string | undefined;
  readonly httpMethod: string | undefined;
  readonly uri: string | undefined;
  readonly vpcLink: string | undefined;
  readonly target: string | undefined;
  readonly requestParameters: unknown;
  readonly requestTemplates: unknown;
  readonly passthrough: string | undefined;
  readonly timeout: number | undefined;
  readonly transferMode: string | undefined;
  readonly credentials: boolean;
  readonly insecure: boolean;
  readonly responses: readonly IntegrationResponseModel[];
}): IntegrationModel {
  const declaredType = (declared.type ?? 'none').toUpperCase();
  return {
    type: supported(declaredType),
    declaredType,
    httpMethod: (declared.httpMethod ?? 'ANY').toUpperCase(),
    uri: declared.uri ?? '',
    ...(declared.vpcLink && { vpcLink: declared.vpcLink }),
    ...(declared.target && { target: declared.target }),
    requestParameters: textsOf(declared.requestParameters),
    requestTemplates: textsOf(declared.requestTemplates),
    passthroughBehavior: passthrough(declared.passthrough),
    timeoutMillis: declared.timeout ?? DEFAULT_TIMEOUT_MILLIS,
    streamed: declared.transferMode?.toUpperCase() === 'STREAM',
    credentials: declared.credentials,
    insecureSkipVerification: declared.insecure,
    responses: declared.responses,
  };
}

function supported(type: string): IntegrationModel['type'] {
  return type === 'HTTP_PROXY' || type === 'HTTP' || type === 'AWS_PROXY' || type === 'MOCK'
    ? type
    : 'UNSUPPORTED';
}

function passthrough(behavior: string | undefined): IntegrationModel['passthroughBehavior'] {
  const upper = behavior?.toUpperCase();
  return upper === 'NEVER' || upper === 'WHEN_NO_TEMPLATES' ? upper : 'WHEN_NO_MATCH';
}
