import { createHandler } from '../../../lambda/sensitive-use/handler';
import type { AwsCall } from '../../../lambda/shared/aws-call';
import { runQuery } from '../../../lib/local/emulated/insights/run-query';

const NOW = 1_800_000_000;
const DAY = 24 * 60 * 60;

interface Use {
  readonly user: string;
  readonly client?: string;
  /** Days ago. */
  readonly ago?: number;
  readonly operation?: string;
}

/** What the function writes about these lines of the access log. */
async function told(...uses: readonly Use[]): Promise<Record<string, unknown>[]> {
  const written: string[] = [];
  const lines = uses.map(({ user, client = '-', ago = 0, operation = 'listPayouts' }) => ({
    logGroup: 'access',
    time: (NOW - 60 - ago * DAY) * 1000,
    line: JSON.stringify({
      user: { id: user },
      gateway: { client_id: client },
      event: { action: operation },
    }),
  }));
  let rows: readonly ReadonlyMap<string, string | number>[] = [];
  const logs: AwsCall = async (operation, input) => {
    if (operation === 'GetQueryResults') {
      const results = rows.map((row) => [...row].map(([field, value]) => ({ field, value: String(value) })));
      return { status: 'Complete', results };
    }
    const { queryString, startTime, endTime } = input as Record<'startTime' | 'endTime', number> & {
      readonly queryString: string;
    };
    rows = runQuery(
      queryString,
      lines.filter(({ time }) => time >= startTime * 1000 && time < (endTime + 1) * 1000),
    );
    return { queryId: '1' };
  };

  await createHandler({
    configuration: { apiId: 'api', logGroup: 'access', everySeconds: DAY / 4, memorySeconds: 30 * DAY },
    operations: ['listPayouts'],
    logs,
    wait: async () => undefined,
    now: () => NOW * 1000,
    write: (line) => written.push(line),
  })();
  return written.map((line) => JSON.parse(line));
}

const newcomers = (lines: readonly Record<string, unknown>[]) =>
  lines.flatMap(({ principal }) => (principal === undefined ? [] : [principal]));
const counted = (lines: readonly Record<string, unknown>[]) => lines.at(-1)?.['SensitiveNewcomers'];

describe('new callers of sensitive operations', () => {
  test('are those without a line before, and neither who is nobody nor who calls another', async () => {
    const lines = await told(
      { user: 'alice' },
      { user: 'bob' },
      { user: 'bob', ago: 20 },
      { user: 'carol', operation: 'listOrders' },
      { user: '-' },
      { user: 'anonymous' },
    );

    expect(newcomers(lines)).toEqual(['alice']);
    expect(counted(lines)).toBe(1);
  });

  test('are clients too, whose token names no user', async () => {
    const lines = await told(
      { user: 'anonymous', client: 'batch' },
      { user: 'anonymous', client: 'nightly' },
      { user: 'anonymous', client: 'nightly', ago: 3 },
    );

    expect(newcomers(lines)).toEqual(['client:batch']);
    expect(counted(lines)).toBe(1);
  });

  test('are one who comes by several clients, and none who only takes another', async () => {
    const lines = await told(
      { user: 'alice', client: 'web' },
      { user: 'alice', client: 'phone' },
      { user: 'bob', client: 'phone' },
      { user: 'bob', client: 'web', ago: 3 },
    );

    expect(newcomers(lines)).toEqual(['alice']);
  });

  test.each<[string, Use, Use]>([
    ['a client', { user: 'client:batch', client: 'web' }, { user: 'anonymous', client: 'batch' }],
    ['an API key', { user: 'key:k1', client: 'web' }, { user: 'key:k1', client: 'k1' }],
  ])('do not pass for %s that is known, whatever their issuer calls them', async (_, newcomer, known) => {
    const lines = await told(newcomer, known, { ...known, ago: 3 });

    expect(newcomers(lines)).toEqual([newcomer.user]);
    expect(counted(lines)).toBe(1);
  });

  test('cannot be told by masked names, which is said', async () => {
    const lines = await told({ user: '*****************' }, { user: '*****************', ago: 3 });

    expect(newcomers(lines)).toEqual([]);
    expect(lines).toContainEqual({ level: 'WARN', message: 'names are masked', callers: 1 });
    expect(JSON.stringify(await told({ user: 'alice' }))).not.toContain('masked');
  });
});
