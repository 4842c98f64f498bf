import { request } from 'node:https';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { type IdentityProvider, startIdentityProvider } from '../../lib/local/identity-provider';

describe('the local identity provider', () => {
  let provider: IdentityProvider;

  beforeAll(async () => {
    provider = await startIdentityProvider({ audience: 'orders', scopes: ['orders:read', 'orders:write'] });
  });

  afterAll(() => provider.close());

  test('publishes a discovery document for its issuer', async () => {
    const discovery = await call('/.well-known/openid-configuration');

    expect(JSON.parse(discovery.body)).toMatchObject({
      issuer: provider.issuer,
      jwks_uri: `${provider.issuer}/jwks`,
      token_endpoint: `${provider.issuer}/token`,
    });
  });

  test('issues tokens that its published keys verify', async () => {
    const token = await provider.token({
      subject: 'alice',
      scopes: ['orders:read'],
      claims: { roles: ['admin'] },
    });

    const { payload, protectedHeader } = await verify(token);

    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
    expect(payload).toMatchObject({
      iss: provider.issuer,
      aud: 'orders',
      sub: 'alice',
      scope: 'orders:read',
      roles: ['admin'],
      client_id: 'local',
    });
  });

  test('issues tokens of another audience or a past lifetime when asked, for requests that must be refused', async () => {
    const foreign = await provider.token({ subject: 'alice', audience: 'billing' });
    const expired = await provider.token({ subject: 'alice', lifetimeSeconds: -60 });

    await expect(verify(foreign)).rejects.toThrow('"aud"');
    await expect(verify(expired)).rejects.toThrow('"exp"');
  });

  test('answers its one client at the token endpoint', async () => {
    const { status, body } = await call('/token', {
      grant_type: 'client_credentials',
      scope: 'orders:read',
      client_id: provider.client.id,
      client_secret: provider.client.secret,
    });

    expect(status).toBe(200);
    const { payload } = await verify(JSON.parse(body).access_token);
    expect(payload).toMatchObject({ sub: 'local', aud: 'orders', scope: 'orders:read' });
  });

  test('refuses a client it does not know', async () => {
    const { status } = await call('/token', {
      grant_type: 'client_credentials',
      client_id: 'x',
      client_secret: 'y',
    });

    expect(status).toBe(401);
  });

  test('is trusted by nobody who was not given its authority', async () => {
    await expect(call('/jwks', undefined, '')).rejects.toThrow('certificate');
  });

  async function verify(token: string) {
    const { body } = await call('/jwks');
    const keys: JSONWebKeySet = JSON.parse(body);
    expect(body).not.toContain('"d"');
    return jwtVerify(token, createLocalJWKSet(keys), { issuer: provider.issuer, audience: 'orders' });
  }

  function call(path: string, form?: Record<string, string>, ca = provider.certificateAuthority) {
    return new Promise<{ status?: number; body: string }>((resolve, reject) => {
      const sent = request(
        new URL(path, provider.issuer),
        {
          ca: ca || undefined,
          agent: false,
          method: form ? 'POST' : 'GET',
          headers: form ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {},
        },
        (response) => {
          let body = '';
          response.on('data', (chunk) => {
            body += chunk;
          });
          response.on('end', () => resolve({ status: response.statusCode, body }));
        },
      );
      sent.on('error', reject);
      sent.end(form && new URLSearchParams(form).toString());
    });
  }
});
