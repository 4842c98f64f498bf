import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { canonicalNetwork } from '../../../lib/edge/networks';

interface StoredSet {
  addresses: string[];
  lock: number;
}

/** Enough of AWS WAF to be wrong with: IP sets under lock tokens, within AWS's limits, of one family each. */
export class WafStandIn {
  public readonly sets = new Map<string, StoredSet>();
  /** How many updates lose a race that someone else has won. */
  public races = 0;
  public updates = 0;
  /** How many requests find their connection dead. */
  public dropNext = 0;
  /** Run once, before the next such operation is carried out: what another writer does meanwhile. */
  public meanwhile: { readonly operation: string; readonly run: () => Promise<unknown> } | undefined;
  /** What the next updates are refused with. */
  public readonly refusals: string[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      if (this.dropNext > 0) {
        this.dropNext -= 1;
        request.socket.destroy();
        return;
      }
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', async () => {
        const operation = String(request.headers['x-amz-target']);
        const input = JSON.parse(Buffer.concat(chunks).toString('utf8'));
        await this.interrupt(operation);
        const { status, answer } = this.answer(operation, input);
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(answer));
      });
    });
  }

  public addresses(id: string): readonly string[] {
    return this.sets.get(id)?.addresses ?? [];
  }

  public add(id: string, ...addresses: string[]) {
    this.sets.set(id, { addresses, lock: 1 });
  }

  public async start(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));

    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async interrupt(operation: string) {
    const { meanwhile } = this;
    if (!meanwhile || !operation.endsWith(meanwhile.operation)) return;
    this.meanwhile = undefined;
    await meanwhile.run();
  }

  private answer(operation: string, input: Record<string, unknown>) {
    const set = this.sets.get(String(input['Id']));
    if (!set || input['Scope'] !== 'REGIONAL') return refusal('WAFNonexistentItemException');
    if (operation === 'AWSWAF_20190729.GetIPSet') {
      return { status: 200, answer: { IPSet: { Addresses: set.addresses }, LockToken: String(set.lock) } };
    }
    if (operation !== 'AWSWAF_20190729.UpdateIPSet') return refusal('UnknownOperationException');

    return this.update(set, String(input['Id']), input);
  }

  private update(set: StoredSet, id: string, { Addresses, LockToken }: Record<string, unknown>) {
    const refused = this.refusals.shift();
    if (refused) return refusal(refused);
    if (this.races > 0) {
      this.races -= 1;
      set.lock += 1;
    }
    if (LockToken !== String(set.lock)) return refusal('WAFOptimisticLockException');
    const addresses = Addresses as string[];
    const family = id.endsWith('6') ? 'ipv6' : 'ipv4';
    if (addresses.length > 10_000) return refusal('WAFLimitsExceededException');
    for (const address of addresses) {
      const network = canonicalNetwork(address);
      if (network?.kind !== family || !address.includes('/')) return refusal('WAFInvalidParameterException');
    }
    set.addresses = addresses;
    set.lock += 1;
    this.updates += 1;

    return { status: 200, answer: { NextLockToken: String(set.lock) } };
  }
}

function refusal(type: string) {
  return { status: 400, answer: { __type: type, message: type } };
}
