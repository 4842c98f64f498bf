import type { Caller } from '../../../../lambda/authorizer/caller';
import { IdentitySigner } from '../../../../lambda/authorizer/identity/identity-signer';
import type { OperationPolicy, SigningKeys } from '../../../../lib/protocol';
import { newKey } from './new-key';

const ALICE: Caller = { credentialId: 'token', userId: 'alice', scopes: [], roles: [], claims: {} };
const LIST: OperationPolicy = {
  id: 'listOrders',
  backend: 'orders',
  security: [],
  contract: 'enforce',
  parameters: [],
};
const OLD = newKey('old');
const NEW = newKey('new');
const KEYS: SigningKeys = { current: OLD, next: NEW };
const ROTATED: SigningKeys = { previous: OLD, current: NEW, next: newKey('newer') };

const holding = (keys: SigningKeys) => async () => JSON.stringify(keys);

describe('a function that is frozen while it reads its signing key', () => {
  let now: number;
  let secret: () => Promise<string>;
  let reads: number;
  let signer: IdentitySigner;
  let end: (text?: string) => Promise<void>;

  beforeEach(() => {
    now = 1_800_000_000_000;
    reads = 0;
    secret = holding(KEYS);
    signer = new IdentitySigner(
      'Orders/Gateway',
      () => {
        reads += 1;
        return secret();
      },
      () => now,
    );
  });

  /** From here on a read does not end before the test ends it. */
  const hang = () => {
    secret = () =>
      new Promise((resolve, reject) => {
        end = async (text) => {
          if (text === undefined) reject(new Error('aborted'));
          else resolve(text);
          await new Promise(setImmediate);
        };
      });
  };
  const kidOf = async () => {
    const [header = ''] = (await signer.authorization(ALICE, LIST)).slice('Bearer '.length).split('.');
    return JSON.parse(Buffer.from(header, 'base64url').toString()).kid;
  };

  test('does not wait for that read, nor fails with it', async () => {
    hang();
    signer.prepare();
    now += 60_000;
    secret = holding(KEYS);

    const kid = kidOf();
    await end();
    expect(await kid).toBe('old');
    expect(reads).toBe(2);
  });

  test('begins one read in its place, not more', async () => {
    hang();
    signer.prepare();
    const endFirst = end;
    now += 60_000;
    const kids = [kidOf()];
    const endSecond = end;
    await endFirst();
    kids.push(kidOf());
    await endSecond(JSON.stringify(KEYS));

    expect(await Promise.all(kids)).toEqual(['old', 'old']);
    expect(reads).toBe(2);
  });

  test('waits for the read that is under way', async () => {
    signer.prepare();
    now += 800;

    expect(await kidOf()).toBe('old');
    expect(reads).toBe(1);
  });

  test.each([
    ['the request', true],
    ['the end of the read', false],
  ])('takes a rotated key up at the next request, where %s comes first', async (_, early) => {
    await kidOf();
    hang();
    now += 30_000;
    expect(await kidOf()).toBe('old');
    secret = holding(ROTATED);
    now += 10_000;

    if (!early) await end();
    const kid = kidOf();
    if (early) await end();
    expect(await kid).toBe('new');
  });

  test('goes on with the key it has, and waits no second time, when the store is down then', async () => {
    await kidOf();
    hang();
    now += 30_000;
    await kidOf();
    now += 10_000;
    secret = () => Promise.reject(new Error('down'));
    expect(await kidOf()).toBe('old');

    hang();
    expect(await kidOf()).toBe('old');
  });

  test('takes nothing from a read that another has taken the place of', async () => {
    await kidOf();
    hang();
    now += 30_000;
    await kidOf();
    now += 10_000;
    secret = holding(ROTATED);
    await kidOf();
    await end(JSON.stringify(KEYS));
    expect(await kidOf()).toBe('new');
  });

  test('waits for nothing after a read that ended well, however late', async () => {
    await kidOf();
    hang();
    now += 30_000;
    await kidOf();
    now += 10_000;
    await end(JSON.stringify(KEYS));
    hang();
    now += 30_000;

    expect(await kidOf()).toBe('old');
  });
});
