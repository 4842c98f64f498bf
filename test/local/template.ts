import { join } from 'node:path';

type Body = Record<string, unknown>;

/** What a test wants to be different from the least that works. */
export interface TemplateChanges {
  /** Operations by `METHOD /path`. */
  readonly operations?: Readonly<Record<string, Body>>;
  readonly schemas?: Body;
  readonly gatewayResponses?: Body;
  /** Keys of the body beside these. */
  readonly body?: Body;
  readonly authorizer?: Body;
  readonly functionProperties?: Body;
  readonly stage?: Body;
  /** Properties of the RestApi beside the body. */
  readonly apiProperties?: Body;
  readonly resources?: Body;
}

export const ASSETS = {
  'authorizer.zip': join(__dirname, 'assets/authorizer'),
  'echo.zip': join(__dirname, 'assets/echo'),
};

export const PLAN_KEY = 'plankeyofauthenticated00';

/** An operation that is authorized, in a plan, and goes to the service. */
export function proxied(path: string, changes: Body = {}, integration: Body = {}): Body {
  return {
    security: [{ authorizer: [] }, { plan: [] }],
    ...changes,
    'x-amazon-apigateway-integration': {
      type: 'http_proxy',
      httpMethod: 'ANY',
      uri: `https://orders.internal.example.com${path}`,
      connectionType: 'VPC_LINK',
      ...integration,
    },
  };
}

/** A template such as the library writes, cut down to what a test needs. */
export function template(changes: TemplateChanges = {}): { readonly Resources: Record<string, unknown> } {
  const { resources = {}, stage = {}, functionProperties = {} } = changes;
  return {
    Resources: {
      Authorizer: functionResource('authorizer.zip', functionProperties),
      AuthorizerPermission: permission('Authorizer'),
      AccessLog: { Type: 'AWS::Logs::LogGroup', Properties: {} },
      AuthenticatedKey: {
        Type: 'AWS::ApiGateway::ApiKey',
        Properties: { Value: PLAN_KEY, Enabled: true },
      },
      AuthenticatedPlan: plan('authenticated'),
      AuthenticatedMembership: membership('AuthenticatedKey', 'AuthenticatedPlan'),
      Api: {
        Type: 'AWS::ApiGateway::RestApi',
        Metadata: {
          'secure-api-gateway:backends': { orders: { uri: 'https://orders.internal.example.com' } },
        },
        Properties: { Body: body(changes), ...changes.apiProperties },
      },
      Stage: {
        Type: 'AWS::ApiGateway::Stage',
        Properties: {
          StageName: 'prod',
          RestApiId: { Ref: 'Api' },
          AccessLogSetting: {
            DestinationArn: { 'Fn::GetAtt': ['AccessLog', 'Arn'] },
            Format:
              '{"id":"$context.requestId","status":"$context.status","user":"$context.authorizer.userId"}',
          },
          ...stage,
        },
      },
      ...resources,
    },
  };
}

export function functionResource(key: string, properties: Body = {}): Body {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Timeout: 10,
      Code: { S3Bucket: 'assets', S3Key: key },
      ...properties,
    },
  };
}

export function permission(functionId: string): Body {
  return {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': [functionId, 'Arn'] },
      Principal: 'apigateway.amazonaws.com',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own
      SourceArn: { 'Fn::Sub': 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*' },
    },
  };
}

export function plan(name: string, properties: Body = {}): Body {
  return {
    Type: 'AWS::ApiGateway::UsagePlan',
    Properties: {
      UsagePlanName: name,
      ApiStages: [{ ApiId: { Ref: 'Api' }, Stage: { Ref: 'Stage' } }],
      ...properties,
    },
  };
}

export function membership(key: string, planId: string): Body {
  return {
    Type: 'AWS::ApiGateway::UsagePlanKey',
    Properties: { KeyId: { Ref: key }, KeyType: 'API_KEY', UsagePlanId: { Ref: planId } },
  };
}

export function invocationUri(functionId: string): Body {
  return {
    'Fn::Join': [
      '',
      [
        'arn:aws:apigateway:',
        { Ref: 'AWS::Region' },
        ':lambda:path/2015-03-31/functions/',
        { 'Fn::GetAtt': [functionId, 'Arn'] },
        '/invocations',
      ],
    ],
  };
}

function body({ operations = {}, schemas = {}, gatewayResponses = {}, ...changes }: TemplateChanges): Body {
  const paths: Record<string, Body> = {};
  for (const [name, operation] of Object.entries({ 'GET /orders': proxied('/orders'), ...operations })) {
    const [method = '', path = ''] = name.split(' ');
    const verb = method === 'ANY' ? 'x-amazon-apigateway-any-method' : method.toLowerCase();
    paths[path] = { ...paths[path], [verb]: operation };
  }
  return {
    openapi: '3.0.1',
    info: { title: 'Orders', version: '1' },
    'x-amazon-apigateway-api-key-source': 'AUTHORIZER',
    'x-amazon-apigateway-request-validators': {
      body: { validateRequestBody: true, validateRequestParameters: false },
      all: { validateRequestBody: true, validateRequestParameters: true },
    },
    'x-amazon-apigateway-gateway-responses': gatewayResponses,
    components: {
      schemas,
      securitySchemes: {
        authorizer: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          'x-amazon-apigateway-authtype': 'custom',
          'x-amazon-apigateway-authorizer': {
            type: 'request',
            authorizerUri: invocationUri('Authorizer'),
            authorizerResultTtlInSeconds: 0,
            ...changes.authorizer,
          },
        },
        plan: { type: 'apiKey', in: 'header', name: 'x-api-key' },
      },
    },
    paths,
    ...changes.body,
  };
}
