import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LocalGateway } from '../../lib/local';
import { startBackend, type TestBackend } from './backend';

const allowing = (kind: 'request' | 'token') => `exports.handler = async (event) => ({
  principalId: '${kind}',
  context: { saw: event.authorizationToken ?? Object.keys(event.headers).length },
  policyDocument: { Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: event.methodArn }] },
});`;

/** An API of CDK's own constructs, as apps have that do not use this library's. */
function foreignApp(outdir: string): string {
  const app = new App({ outdir, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Foreign');
  const code = (text: string) => ({
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(text),
  });
  const api = new apigateway.RestApi(stack, 'Api', { cloudWatchRole: false });
  const echo = new lambda.Function(stack, 'Echo', {
    ...code(
      'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event.requestContext.authorizer ?? null) });',
    ),
  });
  const authorizer = new apigateway.RequestAuthorizer(stack, 'Request', {
    handler: new lambda.Function(stack, 'RequestFunction', code(allowing('request'))),
    identitySources: [apigateway.IdentitySource.header('X-Who')],
  });
  const tokens = new apigateway.TokenAuthorizer(stack, 'Token', {
    handler: new lambda.Function(stack, 'TokenFunction', code(allowing('token'))),
    validationRegex: '^Bearer .+',
  });
  const model = api.addModel('Item', {
    schema: { type: apigateway.JsonSchemaType.OBJECT, required: ['sku'] },
  });
  const items = api.root.addResource('items');
  items.addMethod('GET', new apigateway.LambdaIntegration(echo), { authorizer });
  items.addMethod('POST', new apigateway.LambdaIntegration(echo), {
    requestModels: { 'application/json': model },
    requestValidator: api.addRequestValidator('Body', { validateRequestBody: true }),
  });
  const item = items.addResource('{id}');
  item.addMethod(
    'GET',
    new apigateway.HttpIntegration('https://items.example.com/v1/{id}', {
      options: { requestParameters: { 'integration.request.path.id': 'method.request.path.id' } },
    }),
    { authorizer: tokens, requestParameters: { 'method.request.path.id': true } },
  );
  item.addMethod('DELETE', new apigateway.LambdaIntegration(echo), { apiKeyRequired: true });
  item.addCorsPreflight({ allowOrigins: ['https://app.example.com'] });
  const plan = api.addUsagePlan('Plan', { apiStages: [{ stage: api.deploymentStage }] });
  plan.addApiKey(api.addApiKey('Key', { value: 'keyofacustomer0000000001' }));
  app.synth();
  return outdir;
}

describe('an app of CDK’s own constructs', () => {
  let gateway: LocalGateway;
  let backend: TestBackend;
  const folder = mkdtempSync(join(tmpdir(), 'foreign-'));

  beforeAll(async () => {
    backend = await startBackend();
    gateway = await LocalGateway.start(
      { assembly: foreignApp(join(folder, 'cdk.out')) },
      { backends: { 'items.example.com': backend.url } },
    );
  });
  afterAll(async () => {
    await gateway?.close();
    await backend.close();
    rmSync(folder, { recursive: true });
  });

  const send = async (request: string, headers: Record<string, string> = {}, body?: string) => {
    const [method, path] = request.split(' ');
    const response = await fetch(gateway.url + path, { method, headers, ...(body && { body }) });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  test('is authorized by a request authorizer, with its context handed on', async () => {
    const { status, text } = await send('GET items', { 'X-Who': 'me' });

    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ principalId: 'request' });
    expect((await send('GET items')).status).toBe(401);
  });

  test('is authorized by a token authorizer, for tokens that look right', async () => {
    expect((await send('GET items/7', { Authorization: 'Bearer x' })).status).toBe(200);
    expect(backend.last().url).toBe('/v1/7');
    expect((await send('GET items/7', { Authorization: 'Basic x' })).status).toBe(401);
    expect((await send('GET items/7')).status).toBe(401);
  });

  test('has its models enforced', async () => {
    const json = { 'Content-Type': 'application/json' };

    expect((await send('POST items', json, '{"sku":1}')).status).toBe(200);
    expect((await send('POST items', json, '{"x":1}')).status).toBe(400);
  });

  test('asks for keys in the header', async () => {
    expect((await send('DELETE items/7')).status).toBe(403);
    expect((await send('DELETE items/7', { 'x-api-key': 'keyofacustomer0000000001' })).status).toBe(200);
  });

  test('answers its preflights', async () => {
    const { status, headers } = await send('OPTIONS items/7');

    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  });
});
