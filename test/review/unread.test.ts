import { type ReviewFinding, review } from '../../lib/review';
import type { ResourceDefinition } from '../../lib/review/model/template';

describe('what cannot be read in a template', () => {
  const include = { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://b/api.yaml' } } };

  test.each<[string, Record<string, unknown>]>([
    ['a body that is included', { Api: resource('AWS::ApiGateway::RestApi', { Body: include }) }],
    ['paths that are included', { Api: resource('AWS::ApiGateway::RestApi', { Body: { paths: include } }) }],
    ['a body in a text', { Api: resource('AWS::ApiGateway::RestApi', { Body: '{"paths":{}}' }) }],
    ['a body of a parameter', { Api: resource('AWS::ApiGatewayV2::Api', { Body: { Ref: 'Body' } }) }],
    ['resources that are included', include],
    ['an API of SAM', { Api: resource('AWS::Serverless::Api', { StageName: 'prod' }) }],
    ['a nested stack', { Nested: resource('AWS::CloudFormation::Stack', { TemplateURL: 'https://b/t' }) }],
    ['a resource that is none', { Api: null }],
  ])('comes as unknown: %s', (_what, resources) => {
    expect(reviewOf(resources as Record<string, ResourceDefinition>)).toEqual([
      expect.objectContaining({ rule: 'unread', certainty: 'unknown' }),
    ]);
  });

  test('comes as unknown: a transform of the whole template, unless it is one of AWS', () => {
    const template = { Resources: {} };
    const rules = (Transform: unknown) =>
      review([{ stack: 'Stack', template: { ...template, Transform } }]).map(({ rule, at }) => [rule, at]);

    expect(rules(['AWS::LanguageExtensions', 'Own'])).toEqual([['unread', 'Stack']]);
    expect(rules(['AWS::LanguageExtensions'])).toEqual([]);
  });

  test('is not a nested stack whose template is reviewed too', () => {
    const Nested = resource('AWS::CloudFormation::Stack', { TemplateURL: 'https://b/t' });

    expect(
      review([
        { stack: 'Stack', template: { Resources: { Nested } }, nested: { Nested: 'Nested' } },
        { stack: 'Nested', template: { Resources: {} } },
      ]),
    ).toEqual([]);
  });
});

function resource(Type: string, Properties: Record<string, unknown>): ResourceDefinition {
  return { Type, Properties };
}

function reviewOf(Resources: Record<string, ResourceDefinition>): ReviewFinding[] {
  return review([{ stack: 'Stack', template: { Resources } }]);
}
