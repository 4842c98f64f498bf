import { App, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationLoadBalancer, ListenerAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { gatewayMatchers } from 'cdk-secure-api-gateway/jest';
import { LocalGateway } from 'cdk-secure-api-gateway/local';
import { tokens } from './features';
import { type OrdersService, startOrdersService } from './orders/backend';

describe('the catalogue behind its gateway', () => {
  let service: OrdersService;
  let gateway: LocalGateway;

  beforeAll(async () => {
    service = await startOrdersService();
    const app = catalogueApp();
    // #region test
    expect.extend(gatewayMatchers); // of cdk-secure-api-gateway/jest
    gateway = await LocalGateway.start({ assembly: app.synth() }, { backends: { catalogue: service.url } });

    expect(await fetch(`${gateway.url}health`)).toReachBackend();
    expect(await fetch(`${gateway.url}articles/TEA-0042`)).toBeRefusedBy('authentication');
    expect(await fetch(`${gateway.url}admin`)).toBeRefusedBy('routing');
    // #endregion
  });

  afterAll(async () => {
    await gateway?.close();
    await service.close();
  });

  test('is asked only what may pass', () => {
    expect(service.received.map(({ path }) => path)).toEqual(['/health']);
  });

  test('outlives a body that is no JSON', async () => {
    const { status } = await fetch(`${service.url}/orders`, { method: 'POST', body: '{' });

    expect(status).toBe(400);
    expect((await fetch(`${service.url}/health`)).status).toBe(200);
  });
});

function catalogueApp(): App {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Catalogue');
  const alb = new ApplicationLoadBalancer(stack, 'Service', { vpc: new Vpc(stack, 'Vpc') });
  alb.addListener('Https', {
    port: 443,
    open: false,
    certificates: [{ certificateArn: 'arn:aws:acm:eu-west-1:111111111111:certificate/1' }],
    defaultAction: ListenerAction.fixedResponse(200),
  });
  tokens(stack, alb);
  return app;
}
