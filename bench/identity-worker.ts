import { createPrivateKey, sign } from 'node:crypto';
import type { Caller } from '../lambda/authorizer/caller';
import { IdentitySigner } from '../lambda/authorizer/identity/identity-signer';
import type { OperationPolicy } from '../lib/protocol/policy';
import { newKey } from '../test/lambda/authorizer/identity/new-key';
import { measure } from './rounds';

const OPERATION: OperationPolicy = {
  id: 'listOrders',
  backend: 'orders',
  security: [],
  contract: 'enforce',
  parameters: [],
};

const caller = (): Caller => ({
  credentialId: 'token',
  userId: '6f1c0c6e-6f4d-4b5e-9a55-0d3c8f5ad001',
  clientId: '4a0q1s5n8v2b6c9d3f7g',
  tenantId: 'acme',
  tier: 'pro',
  scopes: ['orders:read', 'orders:write', 'customers:read'],
  roles: ['clerk', 'reviewer'],
  claims: {},
});

async function main(): Promise<void> {
  const current = newKey('2026-11-22-abcdefgh');
  const secret = JSON.stringify({ current, next: newKey('2026-12-22-abcdefgh') });
  const signer = new IdentitySigner('Orders/Gateway', async () => secret, Date.now);
  const known = caller();
  const identity = await signer.authorization(known, OPERATION);

  // as many bytes as an identity has, so that what is compared is the signing alone
  const input = Buffer.from(identity.slice('Bearer '.length, identity.lastIndexOf('.')), 'latin1');
  const key = createPrivateKey({ key: { ...current }, format: 'jwk' });
  const microseconds = await measure([
    { name: 'raw crypto.sign', run: () => sign('sha256', input, key) },
    // nobody has seen this caller: nothing is reused
    { name: 'signed anew', run: () => signer.authorization(caller(), OPERATION) },
    { name: 'reused', run: () => signer.authorization(known, OPERATION) },
  ]);
  console.log(
    JSON.stringify({ node: process.versions.node, microseconds: Object.fromEntries(microseconds) }),
  );
}

main();
