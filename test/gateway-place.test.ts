import { NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { apiNameOf, placeInAccount } from '../lib/gateway-place';
import { ENVIRONMENT, gatewayStack, quickApp } from './fixtures/gateway';

const at = (scope: Construct, ...ids: readonly string[]) =>
  ids.reduce((parent, id) => new Construct(parent, id), scope);

describe('the place of a construct in its account', () => {
  test('is its stack and its path, by no name that another place has', () => {
    const app = quickApp();
    const [one, other] = [new Stack(app, 'Orders'), new Stack(app, 'Orders-A')];
    const places = [
      at(one, 'A', 'B'),
      at(one, 'A-B'),
      at(other, 'B'),
      at(one, 'A%2FB'),
      at(new Stack(app, 'Third', { stackName: 'Staging' }), 'A', 'B'),
    ].map(placeInAccount);

    expect(places).toEqual(['Orders/A/B', 'Orders/A-B', 'Orders-A/B', 'Orders/A%252FB', 'Staging/A/B']);
  });

  test('is that of the stack above where stacks nest, whose name is known', () => {
    const stage = new Stage(quickApp(), 'Prod');
    const nested = new NestedStack(new NestedStack(new Stack(stage, 'Orders'), 'One'), 'Two');

    expect(placeInAccount(at(nested, 'Gateway'))).toBe('Prod-Orders/One/Two/Gateway');
  });

  test('is ASCII, as CloudWatch takes it', () => {
    expect(apiNameOf(at(new Stack(quickApp(), 'Orders'), 'Zahlungsgateway für 東京'), 'Orders')).toBe(
      'Orders (Orders - Zahlungsgateway-20f-C3-BCr-20-E6-9D-B1-E4-BA-AC)',
    );
  });

  test('has room in a dimension of a metric, and stays apart, however deep it is and whatever the title', () => {
    const deep = (id: string) =>
      at(new Stack(quickApp(), 'Orders'), ...Array(20).fill('Construct-of-a-tree'), id);
    const [one, other] = ['One', 'Two'].map((id) => placeInAccount(deep(id)));

    expect(one?.length).toBe(200);
    expect(one).not.toBe(other);
    expect(apiNameOf(deep('One'), 'x'.repeat(300))).toHaveLength(255);
    expect(apiNameOf(deep('One'), 'x'.repeat(300))).not.toBe(apiNameOf(deep('Two'), 'x'.repeat(300)));
  });

  test('tells the metrics of two gateways with one document apart, as one of them is watched in each', () => {
    const namesOf = (stackName: string) => {
      const app = quickApp();
      const alarmTopic = new Topic(new Stack(app, 'Watch', { env: ENVIRONMENT }), 'Topic');
      const { stack } = gatewayStack({ audit: { alarmTopic } }, app, { stackName });
      const template = Template.fromStack(stack);
      const [api] = Object.values(template.findResources('AWS::ApiGateway::RestApi'));
      const measured = Object.values(template.findResources('AWS::CloudWatch::Alarm')).flatMap(
        ({ Properties }) =>
          (Properties.Dimensions ?? []).flatMap((one: { Name: string; Value: unknown }) =>
            one.Name === 'ApiName' ? [one.Value] : [],
          ),
      );
      return [api?.['Properties'].Body.info.title, ...measured];
    };

    expect(namesOf('Orders')).toEqual(Array(3).fill('Orders (Orders - Gateway)'));
    expect(namesOf('Staging')).toEqual(Array(3).fill('Orders (Staging - Gateway)'));
  });
});
