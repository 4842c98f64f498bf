import { type AwsCall, AwsCallError } from '../../../lambda/shared/aws-call';
import { type RotationEvent, rotate } from '../../../lambda/signing-key-rotation/rotate';
import { parseSigningKeys, type SigningKeys } from '../../../lib/protocol';

const NOW_MILLIS = Date.UTC(2026, 10, 22);
const DAY_SECONDS = 86_400;

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** Secrets Manager and Parameter Store, as far as a rotation sees them. */
class Stores {
  public readonly versions = new Map<string, { value: string; stages: Set<string> }>([
    ['initial', { value: 'a random password', stages: new Set(['AWSCURRENT']) }],
  ]);
  public published = '{"keys":[]}';
  /** What Secrets Manager says of when it rotates. */
  public rotation: Readonly<Record<string, unknown>> = {};
  public writes = 0;
  private failing = Number.POSITIVE_INFINITY;

  public failAt(write: number): void {
    this.failing = this.writes + write;
  }

  public readonly secrets: AwsCall = async (operation, input) => {
    const { VersionId, VersionStage, ...rest } = input as Record<string, string>;
    if (operation === 'GetSecretValue') {
      const found = [...this.versions].find(
        ([id, { stages }]) => (!VersionId || id === VersionId) && (!VersionStage || stages.has(VersionStage)),
      );
      if (!found) throw new AwsCallError('ResourceNotFoundException', {});
      return { SecretString: found[1].value };
    }
    if (operation === 'DescribeSecret') {
      return {
        ...this.rotation,
        VersionIdsToStages: Object.fromEntries(
          [...this.versions].map(([id, { stages }]) => [id, [...stages]]),
        ),
      };
    }
    this.write();
    if (operation === 'PutSecretValue') {
      const { ClientRequestToken = '', SecretString = '' } = rest;
      // a stage is of one version
      for (const { stages } of this.versions.values()) stages.delete('AWSPENDING');
      this.versions.set(ClientRequestToken, { value: SecretString, stages: new Set(['AWSPENDING']) });
    } else if (operation === 'UpdateSecretVersionStage') {
      for (const { stages } of this.versions.values()) stages.delete('AWSCURRENT');
      this.versions.get(rest['MoveToVersionId'] ?? '')?.stages.add('AWSCURRENT');
    } else throw new Error(operation);
    return {};
  };

  public readonly parameters: AwsCall = async (operation, input) => {
    if (operation === 'GetParameter') return { Parameter: { Value: this.published } };
    this.write();
    this.published = (input as { Value: string }).Value;
    return {};
  };

  public get current(): SigningKeys | undefined {
    const [text] = [...this.versions.values()].flatMap(({ stages, value }) =>
      stages.has('AWSCURRENT') ? [value] : [],
    );
    return parseSigningKeys(text ?? '');
  }

  public get publishedIds(): string[] {
    return JSON.parse(this.published).keys.map(({ kid }: { kid: string }) => kid);
  }

  private write(): void {
    this.writes += 1;
    if (this.writes === this.failing) throw new Error('crashed');
  }
}

describe('rotate', () => {
  let stores: Stores;

  beforeEach(() => {
    stores = new Stores();
  });

  const run = (event: Parameters<typeof rotate>[0]) => {
    const { secrets, parameters } = stores;
    return rotate(event, { secrets, parameters, parameter: 'keys', now: () => NOW_MILLIS });
  };
  const step = (Step: string, ClientRequestToken: string) => {
    const event: RotationEvent = { Step, SecretId: 'secret', ClientRequestToken };
    return run(event);
  };

  async function rotateAll(token: string): Promise<void> {
    for (const name of STEPS) await step(name, token);
  }

  test('makes the first keys out of a secret that has none', async () => {
    await rotateAll('first');

    expect(stores.current?.previous).toBeUndefined();
    expect(stores.publishedIds).toEqual([stores.current?.current.kid, stores.current?.next.kid]);
  });

  test('moves each key from next to current to previous', async () => {
    await rotateAll('first');
    const before = stores.current;

    await rotateAll('second');

    expect(stores.current?.current).toEqual(before?.next);
    expect(stores.current?.previous).toEqual(before?.current);
    expect(stores.current?.next.kid).not.toBe(before?.next.kid);
  });

  test('publishes no private half', async () => {
    await rotateAll('first');

    const keys = JSON.parse(stores.published).keys as Record<string, unknown>[];
    for (const key of keys)
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(stores.published).not.toContain(stores.current?.current.d);
  });

  test.each(STEPS)('can repeat %s and makes nothing new', async (name) => {
    await rotateAll('first');
    for (const one of STEPS.slice(0, STEPS.indexOf(name) + 1)) await step(one, 'second');
    const before = stores.versions.get('second')?.value;

    await step(name, 'second');

    expect(stores.versions.get('second')?.value).toBe(before);
  });

  test.each([1, 2, 3])(
    'has every key that signs published when write %d crashes, and after the retry',
    async (write) => {
      await rotateAll('first');
      stores.failAt(write);
      await expect(rotateAll('second')).rejects.toThrow('crashed');

      expect(stores.publishedIds).toContain(stores.current?.current.kid);

      await rotateAll('second');
      expect(stores.publishedIds).toEqual(
        expect.arrayContaining([stores.current?.current.kid, stores.current?.previous?.kid]),
      );
    },
  );

  test.each<[string, Record<string, unknown>, string | undefined]>([
    ['that was rotated in time', { RotationEnabled: true, LastRotatedDate: 0 }, undefined],
    ['that was rotated 33 days ago', { RotationEnabled: true, LastRotatedDate: 33 }, 'rotated 33 days ago'],
    ['that was never rotated', { RotationEnabled: true }, 'rotated nobody knows when'],
    [
      'whose rotation is off',
      { RotationEnabled: false, LastRotatedDate: 0 },
      'rotation of the secret is off',
    ],
    ['of which nothing is said', {}, 'rotation of the secret is off'],
  ])('looks at a secret %s, and writes nothing', async (_, { LastRotatedDate, ...rotation }, failure) => {
    const days = LastRotatedDate as number | undefined;
    const seconds = days === undefined ? {} : { LastRotatedDate: NOW_MILLIS / 1000 - days * DAY_SECONDS };
    stores.rotation = { ...rotation, ...seconds };

    const looked = run({ Step: 'checkRotation', SecretId: 'secret' });
    if (failure === undefined) await expect(looked).resolves.toBeUndefined();
    else await expect(looked).rejects.toThrow(failure);
    expect(stores.writes).toBe(0);
  });

  test('does not make keys current that are not published', async () => {
    await step('createSecret', 'first');

    await expect(step('testSecret', 'first')).rejects.toThrow('not published');
  });

  describe('after CloudFormation wrote an empty set over the public keys', () => {
    const again = () => run({ Step: 'publishAgain', SecretId: 'secret' });

    test('publishes what signs, what will and what did', async () => {
      await rotateAll('first');
      await rotateAll('second');
      const { published } = stores;
      stores.published = '{"keys":[]}';

      await again();

      const { current } = stores;
      expect(stores.publishedIds.sort()).toEqual(
        JSON.parse(published)
          .keys.map(({ kid }: { kid: string }) => kid)
          .sort(),
      );
      expect(stores.publishedIds).toEqual(
        expect.arrayContaining([current?.current.kid, current?.next.kid, current?.previous?.kid]),
      );
      expect(stores.published).not.toContain('"d"');
    });

    test('publishes the keys of a rotation under way beside those that sign', async () => {
      await rotateAll('first');
      await step('createSecret', 'second');

      await again();

      const pending = parseSigningKeys(stores.versions.get('second')?.value ?? '');
      expect(stores.publishedIds).toEqual(
        expect.arrayContaining([stores.current?.current.kid, pending?.current.kid, pending?.next.kid]),
      );
    });

    test('writes nothing before there are keys, and makes none', async () => {
      await again();

      expect(stores.writes).toBe(0);
    });
  });

  test('refuses a step it does not know', async () => {
    await expect(step('dance', 'first')).rejects.toThrow('"dance"');
    await expect(run({ Step: 'createSecret', SecretId: 'secret' })).rejects.toThrow('without a token');
    expect(stores.writes).toBe(0);
  });
});
