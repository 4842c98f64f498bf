import { createServer } from 'node:http';
import type { GatewayConfigurationError } from '../../lib/errors';
import { findKeyTable } from '../../lib/keys/find-key-table';
import { TierPlans } from '../../lib/keys/tier-plans';
import { closeServer } from '../../lib/local/server/close';
import { listen } from '../../lib/local/server/listen';
import { keyTableOutput, tierPlanOutput } from '../../lib/protocol';

const OUTPUTS = [
  [keyTableOutput('sk', 'test'), 'the-table'],
  [tierPlanOutput('free', 30), 'plan-of-free'],
  [tierPlanOutput('pro', 600), 'plan-of-pro'],
  ['something else', 'unrelated'],
];
const member = ([description, value]: readonly string[]) =>
  `<member><OutputKey>K</OutputKey><OutputValue>${value}</OutputValue><Description>${description}</Description></member>`;

describe('the outputs of a deployed stack', () => {
  /** What CloudFormation refuses with, if it does. */
  let refusal: string | undefined;
  const cloudFormation = createServer((_, response) => {
    if (refusal !== undefined) {
      response.writeHead(400, { 'Content-Type': 'text/xml' });
      response.end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${refusal}</Code><Message>no</Message></Error></ErrorResponse>`,
      );
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/xml' });
    response.end(
      `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>Orders</StackName><Outputs>${OUTPUTS.map(member).join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );
  });
  const region = 'eu-west-1';
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  let endpoint: string;

  beforeAll(async () => {
    process.env['AWS_ACCESS_KEY_ID'] = 'local';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'local';
    endpoint = `http://127.0.0.1:${await listen(cloudFormation, 0, 'CloudFormation')}`;
  });
  afterAll(() => closeServer(cloudFormation));

  test('name the key table, and what its keys begin with', async () => {
    const { table, prefix, environment, tiers } = await findKeyTable({ stack: 'Orders', region, endpoint });

    expect([table.name, prefix, environment]).toEqual(['the-table', 'sk', 'test']);
    expect(tiers).toEqual(['free', 'pro']);
  });

  test('name the key table that is meant, and no table of another stack', async () => {
    const find = (table: string) => findKeyTable({ stack: 'Orders', table, region, endpoint });

    expect(await find('the-table')).toMatchObject({ environment: 'test', table: { name: 'the-table' } });
    await expect(find('another')).rejects.toThrow(
      'Orders: this stack has no key table another, but the-table; give --stack or --table alone',
    );
  });

  test.each([
    ['ExpiredToken', 'AWS_CREDENTIALS'],
    ['InvalidClientTokenId', 'AWS_CREDENTIALS'],
    ['SignatureDoesNotMatch', 'AWS_CREDENTIALS'],
    ['AccessDenied', 'NO_PERMISSION'],
    ['ValidationError', 'NO_SUCH_STACK'],
  ])('are explained where CloudFormation says %s', async (code, explained) => {
    refusal = code;
    const error = await findKeyTable({ stack: 'Orders', region, endpoint }).catch(
      (caught: unknown) => caught,
    );
    refusal = undefined;

    expect((error as GatewayConfigurationError).problems).toEqual([
      expect.objectContaining({ code: explained, at: 'Orders' }),
    ]);
  });

  test("name the tiers' usage plans, and the longest that an authorizer remembers", async () => {
    const aws = { region, endpoint, credentials };
    const tiers = await TierPlans.find({
      gateways: ['Orders'],
      plans: [{ tier: 'pro', planId: 'by-hand' }],
      aws,
    });

    expect(tiers.plansOf('free')).toEqual(['plan-of-free']);
    expect(tiers.plansOf('pro')).toEqual(['plan-of-pro', 'by-hand']);
    expect(tiers.rememberedSeconds).toBe(600);
    expect(() => tiers.plansOf('gold')).toThrow("the gateway's tiers are free, pro");
  });

  test('do not tell how long an authorizer remembers where there is no tier', async () => {
    const tiers = TierPlans.of([], []);

    expect(tiers.rememberedSeconds).toBeUndefined();
    const { problems } = await Promise.resolve()
      .then(() => tiers.plansOf('free'))
      .then(
        () => ({ problems: [] }),
        (error: GatewayConfigurationError) => error,
      );
    expect(problems[0]).toMatchObject({
      code: 'NO_SUCH_TIER',
      message: 'no usage plan of a tier is known',
    });
  });
});
