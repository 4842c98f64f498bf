import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Configuration, default as Provider, ResourceServer } from 'oidc-provider';
import { generateSigningKey } from './identity-provider-key';
import { importPeer } from './optional-peer';
import { createThrowawayAuthority, type ThrowawayAuthority } from './throwaway-authority';

export interface IdentityProviderOptions {
  /** Audience of the tokens, as the gateway demands it. */
  readonly audience: string;
  /** Scopes that may be asked for. */
  readonly scopes: readonly string[];
  /** @default 0, any free port of the loopback interface */
  readonly port?: number;
  /** Signs the provider's own certificate. @default - one of its own */
  readonly authority?: ThrowawayAuthority;
}

/** Whose token, and what it says. */
export interface TokenRequest {
  readonly subject: string;
  readonly scopes?: readonly string[];
  /** Further claims, for example `roles`. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** @default - the provider's */
  readonly audience?: string;
  /** @default 3600 */
  readonly lifetimeSeconds?: number;
}

export interface IdentityProvider {
  readonly issuer: string;
  /** Certificate, PEM, of the authority that clients of the provider must trust. */
  readonly certificateAuthority: string;
  /** Credentials of the one client that may ask the token endpoint (`client_credentials`). */
  readonly client: { readonly id: string; readonly secret: string };
  /** An access token, as a person who has signed in would hold it. */
  token(request: TokenRequest): Promise<string>;
  close(): Promise<void>;
}

/** Claims of tokens being issued; the provider asks for them while it writes one. */
type ExtraClaims = WeakMap<object, Record<string, unknown>>;

const CLIENT = { id: 'local', secret: 'local-only-not-a-secret' };
const HOUR_SECONDS = 3600;

/**
 * A real OpenID provider on the loopback interface: discovery document, key set and token endpoint over TLS. So
 * that the authorizer needs no switch for tests, it only has to be told to trust `certificateAuthority`.
 */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  const authority = options.authority ?? (await createThrowawayAuthority());

  const server = createServer(await authority.issue());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const issuer = `https://localhost:${(server.address() as AddressInfo).port}`;
  const claims: ExtraClaims = new WeakMap();
  const provider = await createProvider(issuer, configuration(options, claims));
  server.on('request', provider.callback());

  return {
    issuer,
    certificateAuthority: authority.certificate,
    client: CLIENT,
    token: async (request) => {
      const token = await newToken(provider, options, request);
      claims.set(token, { ...request.claims });
      return token.save();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function configuration(options: IdentityProviderOptions, claims: ExtraClaims): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    jwks: { keys: [generateSigningKey()] },
    scopes: [...options.scopes],
    cookies: { keys: ['no session is kept'] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        // an indicator must be a URI, an audience need not
        defaultResource: () => `urn:audience:${options.audience}`,
        getResourceServerInfo: () => resourceServer(options, options.audience),
      },
    },
    extraTokenClaims: (_, token) => claims.get(token),
    ttl: { ClientCredentials: HOUR_SECONDS, AccessToken: HOUR_SECONDS },
  };
}

function resourceServer({ scopes }: IdentityProviderOptions, audience: string): ResourceServer {
  return {
    scope: scopes.join(' '),
    audience,
    accessTokenFormat: 'jwt',
    accessTokenTTL: HOUR_SECONDS,
    jwt: { sign: { alg: 'RS256' } },
  };
}

async function newToken(
  provider: Provider,
  options: IdentityProviderOptions,
  { subject, scopes = [], audience = options.audience, lifetimeSeconds = HOUR_SECONDS }: TokenRequest,
) {
  const client = await provider.Client.find(CLIENT.id);
  if (!client) throw new Error('the local identity provider lost its client');

  const token = new provider.AccessToken({
    accountId: subject,
    client,
    scope: scopes.join(' '),
    claims: {},
    grantId: subject,
    gty: 'authorization_code',
    expiresIn: lifetimeSeconds,
  });
  token.resourceServer = new provider.ResourceServer(audience, resourceServer(options, audience));
  return token;
}

async function createProvider(issuer: string, configuration: Configuration): Promise<Provider> {
  const { warn } = console;
  // it warns of older Node versions, although it runs on them, and of keeping its state in memory, as it should here
  console.warn = () => {};
  try {
    const { Provider } = await importPeer('oidc-provider', import('oidc-provider'));
    return new Provider(issuer, configuration);
  } finally {
    console.warn = warn;
  }
}
