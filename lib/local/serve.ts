import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type IdentityProvider,
  type IdentityProviderOptions,
  startIdentityProvider,
} from './identity-provider';
import { LocalGateway } from './local-gateway';
import type { LocalGatewayOptions } from './options';
import { synthesize } from './synthesize';
import { watchSources } from './watch-sources';

export interface ServeOptions extends LocalGatewayOptions {
  /** Command of the CDK app. @default - the one of `cdk.json` */
  readonly app?: string;
  /** @default - the only stack with a REST API */
  readonly stackName?: string;
  /** Context for the app, beside that of `cdk.json`. */
  readonly context?: Readonly<Record<string, string>>;
  /** Starts an OpenID provider and hands it to the app as context `issuer` and `audience`. @default - none */
  readonly identityProvider?: IdentityProviderOptions;
  /** Serves anew when a file of the app changes. @default false */
  readonly watch?: boolean;
  /** Called each time the gateway is up. */
  readonly onStart?: (gateway: LocalGateway, provider: IdentityProvider | undefined) => void | Promise<void>;
  /** Called when a changed app does not synthesize or start; what was served before still is. */
  readonly onFailure?: (cause: unknown) => void;
}

/** A gateway that is served until it is closed. */
export interface Served {
  close(): Promise<void>;
}

/** Synthesizes a CDK app, starts what its gateway needs, and serves it: what `secure-api-gateway local` does. */
export async function serve(options: ServeOptions): Promise<Served> {
  const provider = options.identityProvider && (await startIdentityProvider(options.identityProvider));
  const folder = mkdtempSync(join(tmpdir(), 'secure-api-gateway-'));
  const session = new Session(options, folder, provider);
  try {
    await session.open();
  } catch (cause) {
    await session.close();
    throw cause;
  }
  return session;
}

class Session implements Served {
  private gateway: LocalGateway | undefined;
  private assembly = '';
  private generation = 0;
  private watching: { close(): void } | undefined;

  constructor(
    private readonly options: ServeOptions,
    private readonly folder: string,
    private readonly provider: IdentityProvider | undefined,
  ) {}

  public async open(): Promise<void> {
    await this.start(await this.synthesize());
    if (this.options.watch) this.watching = watchSources(process.cwd(), () => this.replace());
  }

  public async close(): Promise<void> {
    this.watching?.close();
    await Promise.all([this.gateway?.close(), this.provider?.close()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async synthesize(): Promise<string> {
    const { app, context, identityProvider } = this.options;
    this.generation += 1;
    const output = join(this.folder, `cdk.out.${this.generation}`);
    const issued = this.provider && { issuer: this.provider.issuer, audience: identityProvider?.audience };
    await synthesize({ app, output, context: { ...issued, ...context } });
    return output;
  }

  private async start(assembly: string): Promise<void> {
    const { options, provider } = this;
    // the port it was given once is kept over changes
    const port = this.gateway ? Number(new URL(this.gateway.url).port) : options.port;
    await this.gateway?.close();
    const gateway = await LocalGateway.start(
      { assembly, stackName: options.stackName },
      { ...options, port, environment: { ...options.environment, ...this.trust() } },
    );
    this.gateway = gateway;
    this.assembly = assembly;
    await options.onStart?.(gateway, provider);
  }

  private async replace(): Promise<void> {
    try {
      const changed = await this.synthesize();
      await this.start(changed).catch(async (cause) => {
        await this.start(this.assembly);
        throw cause;
      });
    } catch (cause) {
      this.options.onFailure?.(cause);
    }
  }

  /** Functions trust the provider's throw-away authority by Node's own variable. */
  private trust(): Record<string, string> {
    if (!this.provider) return {};
    const file = join(this.folder, 'authority.pem');
    writeFileSync(file, this.provider.certificateAuthority);
    return { NODE_EXTRA_CA_CERTS: file };
  }
}
