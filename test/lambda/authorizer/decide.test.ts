import { readRequest } from '../../../lambda/authorizer/authorizer-request';
import type { Caller, Verifier } from '../../../lambda/authorizer/caller';
import type { Limiting } from '../../../lambda/authorizer/decide';
import { Decider, type DecisionDependencies } from '../../../lambda/authorizer/decide';
import { Recorder } from '../../../lambda/authorizer/recorder';
import { Unauthenticated } from '../../../lambda/authorizer/refused';
import type { Tenants } from '../../../lambda/authorizer/store/tenants';
import type { SecurityAlternative } from '../../../lib/protocol/policy';
import { authorizerEvent } from './event';
import { bearer, NOW, operation, PLAN_KEYS } from './under-test';

const ALICE = { credentialId: 'alice', userId: 'alice', tenantId: 'acme', scopes: [], roles: [], claims: {} };

const verifier: Verifier = {
  verify: ({ text }) => {
    if (text === 'bad') throw new Unauthenticated('UNKNOWN_KEY');
    if (text === 'outage') throw new Error('the store is down');
    return ALICE;
  },
};

function deciding(dependencies: Partial<DecisionDependencies>) {
  const now = () => NOW * 1000;
  const decider = new Decider({
    policy: {
      version: 1,
      schemes: { customer: { in: 'authorization' } },
      operations: { 'GET /orders': operation(), 'PUT /orders': operation({ roles: ['admin'] }) },
    },
    verifiers: { customer: verifier },
    planKeys: PLAN_KEYS,
    recorder: new Recorder({ write: () => {}, now }),
    now,
    ...dependencies,
  });
  return (token: string, method = 'GET') =>
    decider.decide(readRequest(authorizerEvent({ ...(token && bearer(token)), method })));
}

describe('a decision', () => {
  test.each<[string, () => unknown]>([
    [
      'at once',
      () => {
        throw new Unauthenticated('REVOKED');
      },
    ],
    [
      'after a read',
      async () => {
        throw new Unauthenticated('REVOKED');
      },
    ],
  ])('is not made for a certificate that is refused %s', async (_, check) => {
    await expect(deciding({ certificates: { check } })('good')).rejects.toThrow('REVOKED');
  });

  test.each<[string, () => unknown]>([
    ['at once', () => undefined],
    ['after a read', async () => undefined],
  ])('is made for a certificate that is good %s', async (_, check) => {
    await expect(deciding({ certificates: { check } })('good')).resolves.toBeDefined();
  });

  test('is made under the tier of the tenant', async () => {
    const tenants = { withTier: async () => ({ ...ALICE, tier: 'pro' }) } as unknown as Tenants;

    expect((await deciding({ tenants })('good')).usageIdentifierKey).toBe(PLAN_KEYS.tiers.pro);
  });

  test.each<[string, SecurityAlternative, string]>([
    ['the one', { customer: [] }, 'customer'],
    ['the other', { staff: [] }, 'staff'],
    ['both', { customer: [], staff: [] }, 'customer+staff'],
  ])('hands the signer the scheme that proved the caller: %s', async (_, alternative, scheme) => {
    const decide = deciding({
      policy: {
        version: 1,
        schemes: { customer: { in: 'authorization' }, staff: { in: 'authorization' } },
        operations: { 'GET /orders': operation({ security: [alternative] }) },
      },
      verifiers: {
        customer: { verify: () => ({ ...ALICE }) },
        staff: { verify: async () => ({ ...ALICE }) },
      },
      tenants: { withTier: (caller: Caller) => ({ ...caller, tier: 'pro' }) } as unknown as Tenants,
      signer: { authorization: async (caller) => `${caller?.userId} of ${caller?.scheme}` },
    });

    expect((await decide('good')).context.identity).toBe(`alice of ${scheme}`);
  });

  test.each([
    ['bad', 'GET', 1],
    ['', 'GET', 0],
    ['good', 'PUT', 0],
    ['outage', 'GET', 0],
    ['good', 'GET', 0],
  ])('counts a failed authentication, and nothing else: %s %s, %d', async (text, method, expected) => {
    let counted = 0;
    const failures = {
      isBlocked: async () => false,
      count: async () => {
        counted += 1;
      },
    };
    const limits = { refuse: () => undefined };

    await deciding({ limiting: { failures, limits } as unknown as Limiting })(text, method).catch(() => {});

    expect(counted).toBe(expected);
  });
});
