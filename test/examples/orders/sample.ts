import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalGateway, type RequestRecord } from 'cdk-secure-api-gateway/local';
import { type IdentityProvider, startIdentityProvider } from '../../../lib/local/identity-provider';
import { synthesize } from '../../../lib/local/synthesize';
import { writeMaxMindDatabase } from '../../fixtures/max-mind';
import { type OrdersService, startOrdersService } from './backend';
import { type People, SCOPES, signIn } from './credentials';
import { type Machines, registerMachines } from './machines';
import { identityVerifier } from './verify-identity';

/** The sample, running on this machine. */
export interface Sample {
  readonly gateway: LocalGateway;
  readonly service: OrdersService;
  readonly provider: IdentityProvider;
  readonly people: People;
  readonly machines: Machines;
  close(): Promise<void>;
}

export interface SampleOptions {
  /** @default - a free one */
  readonly port?: number;
  /** Lets the OWASP rules stand in for AWS's managed groups. @default false */
  readonly crs?: boolean;
  readonly onRequest?: (record: RequestRecord) => void;
  /** @default - the gateway's own */
  readonly revokeWithinSeconds?: number;
  /** Synthesizes the sample for an issuer, and tells into which folder. @default - as the app does */
  readonly synthesized?: (issuer: string) => string;
}

/** Addresses of callers in the tour, from networks that are for documentation. */
export const DENIED_ADDRESS = '198.51.100.7';
export const FOREIGN_ADDRESS = '203.0.113.7';

/** Header by which a caller here pretends to an address; in AWS it is that of the connection. */
const ADDRESS_HEADER = 'X-Pretended-Address';

export const from = (address: string) => ({ [ADDRESS_HEADER]: address });

const AUDIENCE = 'orders';
const STACK = 'Orders';

/**
 * Starts everything the sample consists of, on loopback: an OpenID provider, the orders service, and the gateway
 * from the template that the app synthesizes for that provider.
 */
export async function startSample(options: SampleOptions = {}): Promise<Sample> {
  const started: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const end of started.splice(0).reverse()) await end();
  };
  try {
    return { ...(await startParts(options, started)), close };
  } catch (cause) {
    // a provider that goes on would keep the process from ending
    await close();
    throw cause;
  }
}

async function startParts(
  { port, crs, onRequest, revokeWithinSeconds, synthesized }: SampleOptions,
  started: (() => Promise<void> | void)[],
): Promise<Omit<Sample, 'close'>> {
  const folder = mkdtempSync(join(tmpdir(), 'orders-'));
  started.push(() => rmSync(folder, { recursive: true }));
  const provider = await startIdentityProvider({ audience: AUDIENCE, scopes: SCOPES });
  started.push(() => provider.close());
  const authority = join(folder, 'authority.pem');
  writeFileSync(authority, provider.certificateAuthority);

  const output = join(folder, 'cdk.out');
  const assembly = synthesized?.(provider.issuer) ?? output;
  // asked once the gateway runs, which publishes the keys
  const service = await startOrdersService((authorization, operation) => verify(authorization, operation));
  started.push(() => service.close());
  if (!synthesized) {
    await synthesize({
      output,
      context: {
        issuer: provider.issuer,
        audience: AUDIENCE,
        ...(revokeWithinSeconds !== undefined && { revokeWithin: String(revokeWithinSeconds) }),
      },
      quiet: true,
    });
  }
  const countries = join(folder, 'countries.mmdb');
  writeMaxMindDatabase(countries, 'Country', {
    [`${FOREIGN_ADDRESS}/32`]: { country: { iso_code: 'KP' } },
  });
  const gateway = await LocalGateway.start(
    { assembly, stackName: STACK },
    {
      backends: { orders: service.url },
      environment: { NODE_EXTRA_CA_CERTS: authority },
      port,
      crs,
      sourceIpHeader: ADDRESS_HEADER,
      geo: { country: countries },
      onRequest,
    },
  );
  started.push(() => gateway.close());

  const verify = identityVerifier({
    issuer: `${STACK}/Gateway`,
    backend: 'orders',
    keys: new URL('.well-known/jwks.json', gateway.url),
  });

  const machines = await registerMachines(gateway);
  started.push(() => machines.close());

  return { gateway, service, provider, people: await signIn(provider), machines };
}
