import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Backend, SecureApiGateway, type SecureApiGatewayProps } from '../lib';
import {
  CUSTOMER,
  DOCUMENT,
  documentOf,
  ENVIRONMENT,
  loadBalancerIn,
  quickApp,
  SERVER_NAME,
} from './fixtures/gateway';

const WATCHED = { dashboard: true };

describe('two gateways of one title and stage', () => {
  const warningsOf = (
    first: Partial<SecureApiGatewayProps>,
    second: Partial<SecureApiGatewayProps>,
    region = ENVIRONMENT.region,
  ) => {
    const app = quickApp();
    const define = (id: string, props: Partial<SecureApiGatewayProps>, env = ENVIRONMENT) => {
      const stack = new Stack(app, id, { env });
      const loadBalancer = loadBalancerIn(stack, new ec2.Vpc(stack, 'Vpc'));
      new SecureApiGateway(stack, 'Gateway', {
        definition: documentOf(),
        authentication: CUSTOMER,
        backends: { orders: Backend.applicationLoadBalancer(loadBalancer, { serverName: SERVER_NAME }) },
        ...props,
      });
      return stack;
    };
    const stacks = [define('One', first), define('Two', second, { ...ENVIRONMENT, region })];
    return stacks.flatMap((stack) =>
      Annotations.fromStack(stack)
        .findWarning('*', Match.stringLikeRegexp('counts 5xx'))
        .map(({ entry }) => String(entry.data)),
    );
  };

  test('are told of, since API Gateway counts them as one', () => {
    expect(warningsOf({ audit: WATCHED }, {})).toEqual([
      expect.stringMatching(/title 'Orders' and stage 'prod' are those of One\/Gateway too/),
    ]);
    expect(warningsOf({}, { audit: WATCHED })).toHaveLength(1);
    expect(warningsOf({ audit: WATCHED }, { audit: WATCHED })).toHaveLength(1);
  });

  test.each<[string, Partial<SecureApiGatewayProps>, string]>([
    ['of another stage', { stageName: 'v2' }, ENVIRONMENT.region],
    [
      'of another title',
      { definition: documentOf(DOCUMENT.replace('title: Orders', 'title: Others')) },
      ENVIRONMENT.region,
    ],
    ['of another region', {}, 'eu-central-1'],
  ])('are not taken for one %s', (_, second, region) => {
    expect(warningsOf({ audit: WATCHED }, { audit: WATCHED, ...second }, region)).toEqual([]);
  });

  test('are nobody’s concern where neither is watched', () => {
    expect(warningsOf({}, {})).toEqual([]);
  });
});
