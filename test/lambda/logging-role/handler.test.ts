import { answersCloudFormation } from '../../../lambda/logging-role/answer-cloudformation';
import { createHandler, type ResourceEvent } from '../../../lambda/logging-role/handler';
import { background } from '../../../lambda/shared/background';

const OURS = 'arn:aws:iam::111111111111:role/ours';
const ANSWER_URL = 'https://cloudformation.example.com/answer?Signature=hunter2';
const THEIRS = 'arn:aws:iam::111111111111:role/theirs';

describe('the logging-role handler', () => {
  test('sets the role of an account that has none', async () => {
    const { set, answers } = await run({ current: undefined });

    expect(set).toEqual([OURS]);
    expect(answers).toEqual([expect.objectContaining({ Status: 'SUCCESS' })]);
  });

  test('never replaces the role an account has', async () => {
    const { set, answers } = await run({ current: THEIRS, living: [THEIRS] });

    expect(set).toEqual([]);
    expect(answers).toEqual([expect.objectContaining({ Status: 'SUCCESS' })]);
  });

  test('replaces a role that was deleted, and is still named in the settings', async () => {
    const { set } = await run({ current: THEIRS, living: [] });

    expect(set).toEqual([OURS]);
  });

  test('leaves everything as it is on deletion', async () => {
    const { set, asked, answers } = await run({ type: 'Delete', current: OURS, living: [OURS] });

    expect(set).toEqual([]);
    expect(asked).toBe(0);
    expect(answers).toEqual([expect.objectContaining({ Status: 'SUCCESS' })]);
  });

  test('waits until a new role can be assumed', async () => {
    const { set, pauses, answers } = await run({ current: undefined, failures: 3 });

    expect(set).toEqual([OURS]);
    expect(pauses).toBe(3);
    expect(answers).toEqual([expect.objectContaining({ Status: 'SUCCESS' })]);
  });

  test('gives up in the end, and says why', async () => {
    const { set, answers, lines } = await run({ current: undefined, failures: 100 });

    expect(set).toEqual([]);
    expect(lines).toEqual([expect.stringContaining('"reason":"Error: not yet"')]);
    expect(answers).toEqual([expect.objectContaining({ Status: 'FAILED', Reason: 'not yet' })]);
  });

  test('answers when it lacks the property', async () => {
    const { answers } = await run({ roleArn: '' });

    expect(answers).toEqual([
      expect.objectContaining({ Status: 'FAILED', Reason: 'property roleArn is missing' }),
    ]);
  });

  test('keeps its physical id, so that no update deletes anything', async () => {
    const [created] = (await run({})).answers;
    const [updated] = (await run({ type: 'Update', physicalId: 'earlier' })).answers;

    expect(created).toMatchObject({
      PhysicalResourceId: 'api-gateway-logging-role',
      LogicalResourceId: 'Role',
    });
    expect(updated).toMatchObject({ PhysicalResourceId: 'earlier' });
  });
});

interface Situation {
  readonly type?: ResourceEvent['RequestType'];
  readonly current?: string;
  readonly living?: readonly string[];
  readonly failures?: number;
  readonly roleArn?: string;
  readonly physicalId?: string;
}

async function run({
  type = 'Create',
  current,
  living = [],
  failures = 0,
  roleArn = OURS,
  physicalId,
}: Situation) {
  const set: string[] = [];
  const answers: unknown[] = [];
  let asked = 0;
  let pauses = 0;
  let remainingFailures = failures;
  const setRole = createHandler({
    currentRole: async () => {
      asked += 1;
      return current;
    },
    roleExists: async (arn) => living.includes(arn),
    setRole: async (arn) => {
      remainingFailures -= 1;
      if (remainingFailures >= 0) throw new Error('not yet');
      set.push(arn);
    },
    pause: async () => {
      pauses += 1;
    },
  });
  const answering = answersCloudFormation<ResourceEvent>({
    physicalId: 'api-gateway-logging-role',
    put: async (url, body) => {
      expect(url).toBe(ANSWER_URL);
      answers.push(JSON.parse(body));
      return 200;
    },
    pause: async () => {},
  });
  const lines: string[] = [];
  const handler = background(setRole, [answering], (line) => lines.push(line));

  await handler(
    {
      RequestType: type,
      ResponseURL: ANSWER_URL,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'Role',
      ResourceProperties: { roleArn },
      ...(physicalId && { PhysicalResourceId: physicalId }),
    },
    { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 120_000 },
  );
  return { set, answers, asked, pauses, lines };
}
