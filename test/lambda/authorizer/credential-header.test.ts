import { credentialPlaces } from '../../../lambda/authorizer/misplaced-credential';
import type { OperationPolicy, Policy } from '../../../lib/protocol';
import { CREDENTIAL_HEADERS, replacedCredentialHeaders } from '../../../lib/protocol/credential-names';
import type { EventOptions } from './event';
import { authorizer, operation } from './under-test';

describe('a header for credentials alone', () => {
  const FOREIGN_HEADERS = ['Proxy-Authorization', 'x-amz-security-token'];
  const TOKEN_HEADERS = ['X-Access-Token', 'x-auth-token'];
  const call = async (
    name: string,
    policy: Partial<OperationPolicy> = {},
    options: EventOptions = {},
    schemes?: Policy['schemes'],
  ) => {
    const operations = { 'GET /orders': operation({ security: [], ...policy }) };
    const { call, lines } = authorizer({}, operations, schemes);
    const { context } = await call({ ...options, headers: { [name]: 'secret' } });
    return {
      code: context.code,
      detail: context.detail,
      reasons: lines.map((line) => JSON.parse(line).reason),
    };
  };
  const refused = (name: string) => ({
    code: 'CONTRACT_VIOLATION',
    detail: `header ${name.toLowerCase()}: MISPLACED_CREDENTIAL`,
    reasons: ['MISPLACED_CREDENTIAL'],
  });

  test.each([...FOREIGN_HEADERS, ...TOKEN_HEADERS])('is refused, whatever its value: %s', async (name) => {
    expect(await call(name)).toEqual(refused(name));
    // a query parameter of that name declares no header
    expect(await call(name, { parameters: [{ name: name.toLowerCase(), in: 'query', value: {} }] })).toEqual(
      refused(name),
    );
  });

  test.each([...FOREIGN_HEADERS, ...TOKEN_HEADERS])(
    'is let through where it is declared: %s',
    async (name) => {
      const parameters = [{ name: name.toLowerCase(), in: 'header' as const, value: {} }];

      expect(await call(name, { parameters })).toMatchObject({ code: '-', reasons: [] });
      expect(await call(name, { parameters, contract: 'observe' })).toMatchObject({ code: '-', reasons: [] });
    },
  );

  test.each(FOREIGN_HEADERS)(
    'is refused where the contract is only observed, if it is for others: %s',
    async (name) => {
      expect(await call(name, { contract: 'observe' })).toEqual(refused(name));
    },
  );

  test.each(TOKEN_HEADERS)('is counted there, if it is for a service: %s', async (name) => {
    expect(await call(name, { contract: 'observe' })).toMatchObject({
      code: '-',
      reasons: ['MISPLACED_CREDENTIAL'],
    });
  });

  test.each(TOKEN_HEADERS)('hides nothing there that is refused: %s', async (name) => {
    const fixedTexts = { orderId: ['export'] };
    const path = { orderId: 'export' };

    expect(await call(name, { contract: 'observe', fixedTexts }, { path })).toMatchObject({
      detail: 'path orderId: MALFORMED_PARAMETER',
    });
  });

  test('is none where a scheme of the document names it', async () => {
    const schemes = { machine: { in: 'header' as const, name: 'x-auth-token' } };

    expect(await call('X-Auth-Token', {}, {}, schemes)).toMatchObject({ code: '-', reasons: [] });
  });

  test('is not the one that clients of usage plans send by habit', async () => {
    expect(await call('X-Api-Key')).toMatchObject({ code: '-', reasons: [] });
  });

  test('is in one place or another: refused, or replaced on its way', () => {
    for (const contract of ['enforce', 'observe'] as const) {
      const places = credentialPlaces(
        operation({ contract }),
        { version: 1, schemes: {}, operations: {} },
        {},
      );
      const replaced = replacedCredentialHeaders(contract).map((name) => name.toLowerCase());

      expect([...places.refused, ...replaced].sort()).toEqual(
        CREDENTIAL_HEADERS.map((name) => name.toLowerCase()).sort(),
      );
    }
  });
});
