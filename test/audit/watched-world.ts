import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IdentityProvider, startIdentityProvider } from '../../lib/local/identity-provider';
import { answerJson, startServer, type TestServer } from '../lambda/authorizer/https-server';
import { startBackend, type TestBackend } from '../local/backend';
import { Periods } from './periods';
import { ADDRESS_HEADER, type WatchedGateway, type WatchedOptions, watchedGateway } from './watched-gateway';

/** What surrounds a watched gateway: an issuer, an issuer that is asked about tokens, a service, callers, and time. */
export class World {
  /** Milliseconds that the gateway takes for gone by, beside those that are. */
  public passed = 0;
  private addresses = 0;

  private constructor(
    public readonly watched: WatchedGateway,
    public readonly periods: Periods,
    /** Answers what it knows of tokens. */
    public readonly sessions: TestServer,
    public readonly provider: IdentityProvider,
    private readonly backend: TestBackend,
    private readonly folder: string,
  ) {}

  public static async start(options: Partial<WatchedOptions> = {}): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), 'secure-api-gateway-watched-'));
    const provider = await startIdentityProvider({ audience: 'orders', scopes: [] });
    const sessions = await startServer(answerJson({ active: true, aud: 'orders', sub: 'session' }));
    const authority = join(folder, 'authority.pem');
    writeFileSync(authority, `${provider.certificateAuthority}\n${sessions.authority}`);
    let world: World | undefined;
    const backend = await startBackend((millis) => {
      if (world) world.passed += millis;
    });
    const watched = await watchedGateway({
      issuer: provider.issuer,
      backend: backend.url,
      endpoint: sessions.url,
      authority,
      stopwatch: () => performance.now() + (world?.passed ?? 0),
      ...options,
    });
    world = new World(watched, new Periods(watched, options.clock), sessions, provider, backend, folder);
    return world;
  }

  /** Each from an address of its own, as limits on one are not what is tried; answers the status. */
  public async send(path: string, headers: Readonly<Record<string, string>>): Promise<number> {
    this.addresses += 1;
    const address = `198.18.${this.addresses >> 8}.${this.addresses & 255}`;
    const response = await fetch(`${this.watched.gateway.url}${path}`, {
      headers: { [ADDRESS_HEADER]: address, ...headers },
    });
    await response.text();
    return response.status;
  }

  /** As somebody who has signed in. */
  public async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
    const token = await this.provider.token({ subject: 'alice' });
    return this.send(path, { Authorization: `Bearer ${token}`, ...headers });
  }

  /** The last status of so many requests, one after the other. */
  public async often(times: number, request: () => Promise<number>): Promise<number> {
    let status = 0;
    for (let count = 0; count < times; count += 1) status = await request();
    return status;
  }

  /** A key of a tenant, and the headers that present it. */
  public async keyOf(tenant: string): Promise<{ id: string; headers: Record<string, string> }> {
    const { id, key } = await this.watched.keys.create({ tenant, expiresInSeconds: null });
    return { id, headers: { 'X-Api-Key': key } };
  }

  public async close(): Promise<void> {
    await this.watched.close();
    await Promise.all([this.backend.close(), this.sessions.close(), this.provider.close()]);
    rmSync(this.folder, { recursive: true });
  }
}
