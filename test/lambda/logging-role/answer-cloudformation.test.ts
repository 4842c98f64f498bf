import {
  answersCloudFormation,
  type CustomResourceEvent,
} from '../../../lambda/logging-role/answer-cloudformation';
import { background } from '../../../lambda/shared/background';

const event: CustomResourceEvent = {
  ResponseURL: 'https://cloudformation.example.com/answer?Signature=hunter2',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'Role',
};

describe('the answer to CloudFormation', () => {
  test('is sent once for a run that succeeds', async () => {
    const { run, bodies, lines } = underTest([200]);

    await run(async () => undefined);
    expect(statusesOf(bodies)).toEqual(['SUCCESS']);
    expect(lines).toEqual([]);
  });

  test('says why a run failed, which ends there: Lambda does not run it again', async () => {
    const { run, bodies } = underTest([200]);

    await expect(run(() => Promise.reject(new Error('no such role')))).resolves.toBeNull();
    expect(statusesOf(bodies)).toEqual(['FAILED']);
    expect(bodies[0]).toMatchObject({
      Reason: 'no such role',
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'Role',
      PhysicalResourceId: 'id',
    });
  });

  test('is sent again where it is not taken', async () => {
    const { run, bodies } = underTest([503, new Error('reset'), 200]);

    await run(async () => undefined);
    expect(statusesOf(bodies)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
  });

  test('is never turned into a failure because it was not taken: the run fails, and Lambda repeats it', async () => {
    const { run, bodies, lines } = underTest([503, 403, 500]);

    await expect(run(async () => undefined)).rejects.toThrow('could not be answered (status 500)');
    expect(statusesOf(bodies)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
    expect(lines.join()).not.toContain('hunter2');
  });

  test('comes before the time limit where the run does not end, and only once', async () => {
    const { run, bodies, answered } = underTest([200], 20_000);

    await run(() => answered);
    expect(statusesOf(bodies)).toEqual(['FAILED']);
    expect(bodies[0]).toMatchObject({ Reason: 'the function reaches its time limit' });
  });
});

function underTest(statuses: (number | Error)[], remainingMillis = 120_000) {
  const bodies: Record<string, unknown>[] = [];
  const lines: string[] = [];
  let told = () => {};
  const answered = new Promise<void>((resolve) => {
    told = resolve;
  });
  const answering = answersCloudFormation({
    physicalId: 'id',
    put: async (url, body) => {
      expect(url).toBe(event.ResponseURL);
      bodies.push(JSON.parse(body));
      told();
      const status = statuses.shift() ?? 200;
      if (typeof status !== 'number') throw status;
      return status;
    },
    pause: async () => {},
  });
  const run = (work: () => Promise<void>) =>
    background(work, [answering], (line) => lines.push(line))(event, {
      awsRequestId: 'request-1',
      getRemainingTimeInMillis: () => remainingMillis,
    });
  return { run, bodies, lines, answered };
}

const statusesOf = (bodies: readonly Readonly<Record<string, unknown>>[]) =>
  bodies.map(({ Status }) => Status);
