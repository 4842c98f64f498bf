import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalGateway } from '../../lib/local';
import { readStackSource } from '../../lib/local/source';
import { readAssembly } from '../../lib/local/template/assembly';
import { TemplateResolver } from '../../lib/local/template/resolver';
import { template } from './template';

const resolver = (parts: object, parameters = {}) =>
  new TemplateResolver(readStackSource({ template: { Resources: {}, ...parts } }), parameters);

const STACK_ID =
  /^arn:aws:cloudformation:us-east-1:000000000000:stack\/Local\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;

describe('the references of a template', () => {
  const Resources = {
    Fn: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'named' } },
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { 'Fn::GetAtt': ['Fn', 'Arn'] } } },
    Thing: { Type: 'Custom::Thing', Properties: {} },
    Sometimes: { Type: 'AWS::DynamoDB::Table', Condition: 'Never', Properties: {} },
  };
  const Parameters = { Level: { Type: 'String', Default: 'low' }, Needed: { Type: 'String' } };
  const Conditions = {
    Low: { 'Fn::Equals': [{ Ref: 'Level' }, 'low'] },
    Never: { 'Fn::Not': [{ Condition: 'Low' }] },
    Both: { 'Fn::And': [{ Condition: 'Low' }, { 'Fn::Or': [{ Condition: 'Never' }, { Condition: 'Low' }] }] },
  };
  const Mappings = { Regions: { 'us-east-1': { name: 'Virginia' } } };
  const subject = resolver({ Resources, Parameters, Conditions, Mappings });

  test.each([
    ['Ref of a parameter', { Ref: 'Level' }, 'low'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Partition' }, 'aws'],
    ['Ref of a resource', { Ref: 'Fn' }, 'named'],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Fn', 'Arn'] }, 'arn:aws:lambda:us-east-1:000000000000:function:named'],
    [
      'Fn::GetAtt in one text',
      { 'Fn::GetAtt': 'Fn.Arn' },
      'arn:aws:lambda:us-east-1:000000000000:function:named',
    ],
    ['Ref of a version', { Ref: 'Version' }, 'arn:aws:lambda:us-east-1:000000000000:function:named:1'],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Level' }]] }, 'a-low'],
    [
      'Fn::Sub',
      { 'Fn::Sub': `\${Level}/\${Fn.Arn}/\${!Kept}` },
      `low/arn:aws:lambda:us-east-1:000000000000:function:named/\${Kept}`,
    ],
    ['Fn::Sub with variables', { 'Fn::Sub': [`\${own}`, { own: { Ref: 'Level' } }] }, 'low'],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    ['Fn::If', { 'Fn::If': ['Both', 'yes', 'no'] }, 'yes'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Regions', { Ref: 'AWS::Region' }, 'name'] }, 'Virginia'],
    [
      'AWS::NoValue',
      { a: { Ref: 'AWS::NoValue' }, b: [1, { 'Fn::If': ['Never', 2, { Ref: 'AWS::NoValue' }] }] },
      { b: [1] },
    ],
  ])('resolve %s', (_what, value, expected) => {
    expect(subject.resolve(value)).toEqual(expected);
    expect(subject.problems).toEqual([]);
  });

  test('give a stack id that is the same in every run, so that plan keys are', () => {
    const select = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };

    expect(subject.resolve({ Ref: 'AWS::StackId' })).toMatch(STACK_ID);
    expect(resolver({}).resolve(select)).toBe(resolver({}).resolve(select));
  });

  test('leave out resources whose condition does not hold', () => {
    expect(subject.idsOf('AWS::DynamoDB::Table')).toEqual([]);
  });

  test('say what they guessed', () => {
    const guessing = resolver({ Resources });
    guessing.resolve({ 'Fn::GetAtt': ['Thing', 'Answer'] });

    expect([...guessing.guesses]).toEqual(['Thing (Custom::Thing)']);
  });

  test.each([
    ['a parameter without a value', { Ref: 'Needed' }],
    ['an unknown resource', { 'Fn::GetAtt': ['Nothing', 'Arn'] }],
    ['a macro', { 'Fn::Transform': { Name: 'AWS::Include' } }],
    ['an export nobody has', { 'Fn::ImportValue': 'x' }],
    ['a missing mapping', { 'Fn::FindInMap': ['Regions', 'x', 'name'] }],
  ])('report %s', (_what, value) => {
    const failing = resolver({ Resources, Parameters, Mappings });
    failing.resolve(value);

    expect(failing.problems).toMatchObject([{ code: 'UNRESOLVED_REFERENCE' }]);
  });

  test('take parameters that were given', () => {
    expect(resolver({ Parameters }, { Needed: 'given' }).resolve({ Ref: 'Needed' })).toBe('given');
  });
});

describe('a gateway of a template with something missing', () => {
  const start = (
    parts: { template: object },
    backends: Record<string, string> = { orders: 'http://127.0.0.1:1' },
  ) => LocalGateway.start({ template: { ...parts.template }, assets: {} }, { backends });

  test('fails with every reference that has no value', async () => {
    const broken = template({
      functionProperties: { Environment: { Variables: { A: { Ref: 'X' }, B: { Ref: 'Y' } } } },
    });

    await expect(start({ template: broken })).rejects.toMatchObject({
      problems: [
        { message: expect.stringContaining('Ref X') },
        { message: expect.stringContaining('Ref Y') },
        { message: expect.stringContaining('authorizer.zip'), remedy: 'synthesize the app again' },
      ],
    });
  });

  test('fails without a REST API', async () => {
    await expect(start({ template: { Resources: {} } })).rejects.toThrow('NO_REST_API');
  });
});

describe('a cloud assembly', () => {
  let folder = '';
  const write = (path: string, value: object) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(value));
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'assembly-'));
    write('manifest.json', {
      artifacts: {
        Net: {
          type: 'aws:cloudformation:stack',
          environment: 'aws://unknown-account/unknown-region',
          properties: { templateFile: 'Net.template.json' },
        },
        Stage: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Stage' } },
      },
    });
    write('Net.template.json', {
      Resources: {},
      Outputs: { Vpc: { Value: 'vpc-1', Export: { Name: 'net:vpc' } } },
    });
    write('assembly-Stage/manifest.json', {
      artifacts: {
        StageApi: {
          type: 'aws:cloudformation:stack',
          environment: 'aws://111111111111/eu-west-1',
          displayName: 'Stage/Api',
          properties: { templateFile: 'Api.template.json', stackName: 'Stage-Api' },
        },
      },
    });
    write('assembly-Stage/Api.template.json', { Resources: { Api: { Type: 'AWS::ApiGateway::RestApi' } } });
    write('assembly-Stage/Api.assets.json', {
      files: { abc: { source: { path: 'asset.abc' }, destinations: { current: { objectKey: 'abc.zip' } } } },
    });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test.each([undefined, 'Stage-Api', 'StageApi', 'Stage/Api'])(
    'has the stack of a stage by the name %s',
    (name) => {
      const stack = readAssembly(folder, name);

      expect([stack.name, stack.account, stack.region]).toEqual(['Stage-Api', '111111111111', 'eu-west-1']);
      expect(stack.asset('abc.zip')).toBe(join(folder, 'assembly-Stage/asset.abc'));
    },
  );

  test('answers what another stack exports', () => {
    expect(new TemplateResolver(readAssembly(folder)).resolve({ 'Fn::ImportValue': 'net:vpc' })).toBe(
      'vpc-1',
    );
  });

  test('answers what another stack hands out without an export', () => {
    const output = (OutputName: string) => ({ 'Fn::GetStackOutput': { StackName: 'Net', OutputName } });
    const resolver = new TemplateResolver(readAssembly(folder));

    expect(resolver.resolve(output('Vpc'))).toBe('vpc-1');
    expect(resolver.problems).toEqual([]);
    resolver.resolve(output('Other'));
    expect(resolver.problems.map(({ code }) => code)).toEqual(['UNRESOLVED_REFERENCE']);
  });

  test('fails for a stack it does not have, and names those it has', () => {
    expect(() => readAssembly(folder, 'Other')).toThrow(
      /'Other' is not in this assembly; name one of its stacks: Net, Stage\/Api/,
    );
  });

  test('fails for a folder that is none', () => {
    expect(() => readAssembly(tmpdir())).toThrow('synthesize the app first');
  });

  test('fails for a manifest that is no JSON', () => {
    writeFileSync(join(folder, 'manifest.json'), '{');

    expect(() => readAssembly(folder)).toThrow('UNREADABLE_ASSEMBLY');
  });
});
