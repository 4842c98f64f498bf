import type { ResourceDefinition } from '../../lib/review/model/template';
import { resource, rulesOf } from './reviewed';

describe('an unlogged stage', () => {
  test.each<[string, ResourceDefinition]>([
    ['a stage of a REST API', resource('AWS::ApiGateway::Stage', {})],
    ['a stage of an HTTP API', resource('AWS::ApiGatewayV2::Stage', {})],
    ['a stage that a deployment brings', resource('AWS::ApiGateway::Deployment', { StageName: 'prod' })],
    [
      'a stage whose destination is empty',
      resource('AWS::ApiGateway::Stage', { AccessLogSetting: { DestinationArn: '' } }),
    ],
    [
      'a stage whose destination a condition takes away',
      resource('AWS::ApiGateway::Stage', {
        AccessLogSetting: { DestinationArn: { 'Fn::If': ['Logged', 'arn', { Ref: 'AWS::NoValue' }] } },
      }),
    ],
  ])('is %s', (_what, definition) => {
    expect(rulesOf({ Stage: definition })).toEqual(['unlogged-stage']);
  });

  test('is not one with a destination, nor a deployment without a stage', () => {
    expect(
      rulesOf({
        Stage: resource('AWS::ApiGateway::Stage', {
          AccessLogSetting: { DestinationArn: { 'Fn::GetAtt': ['Logs', 'Arn'] } },
        }),
        Deployment: resource('AWS::ApiGateway::Deployment', {}),
      }),
    ).toEqual([]);
  });
});
