import { GatewayConfigurationError } from '../errors';
import type { DeniedNetwork, ThreatFeedAnswer, ThreatFeedRequest } from '../protocol/threat-feed';

/** Calls the gateway's threat-feed function. */
export type CallFunction = (request: ThreatFeedRequest) => Promise<ThreatFeedAnswer>;

export interface DenyListDependencies {
  readonly call: CallFunction;
  /** Public address of this machine; undefined if it cannot be told. */
  readonly ownAddress: () => Promise<string | undefined>;
  /** Who asks, for the audit. */
  readonly by: string;
}

export interface DenyOptions {
  readonly forSeconds: number;
  readonly reason: string;
  /** Deny one's own address or an exempt network all the same. */
  readonly force?: boolean;
}

/** The list of previous attackers of a deployed gateway. */
export class DenyList {
  constructor(private readonly dependencies: DenyListDependencies) {}

  /** Refuses a network for a time; answers who is denied then. */
  public async add(network: string, { forSeconds, reason, force = false }: DenyOptions) {
    const { by, ownAddress } = this.dependencies;

    return this.ask({
      action: 'denyAdd',
      network,
      forSeconds,
      reason,
      by,
      force,
      // with force it does not matter, and is not looked up
      ownAddress: force ? undefined : await ownAddress(),
    });
  }

  /** Lets a network call again; answers who is denied still. */
  public remove(network: string, reason: string): Promise<readonly DeniedNetwork[]> {
    return this.ask({ action: 'denyRemove', network, reason, by: this.dependencies.by });
  }

  /** Who is denied. */
  public list(): Promise<readonly DeniedNetwork[]> {
    return this.ask({ action: 'denyList' });
  }

  /**
   * Fetches the feeds now; a named feed is believed however much it shrank.
   *
   * @throws GatewayConfigurationError with each that was not taken.
   */
  public async refresh(force: readonly string[]): Promise<void> {
    const { notTaken = [] } = await this.call({ action: 'refresh', force });
    if (notTaken.length === 0) return;

    throw new GatewayConfigurationError(
      notTaken.map(({ feed, reason }) => ({
        code: 'FEED_NOT_TAKEN',
        at: feed,
        message: `its last good list stays: ${reason}`,
        remedy: 'look at what it serves; --force takes a list that shrank',
      })),
    );
  }

  private async ask(request: ThreatFeedRequest): Promise<readonly DeniedNetwork[]> {
    const { denied = [] } = await this.call(request);
    return denied;
  }

  private async call(request: ThreatFeedRequest): Promise<Extract<ThreatFeedAnswer, { ok: true }>> {
    const answer = await this.dependencies.call(request);
    if (answer.ok) return answer;
    const { code, message } = answer;

    throw new GatewayConfigurationError([
      { code, at: 'deny', message, remedy: REMEDIES[code] ?? 'look at the function' },
    ]);
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  INVALID_NETWORK: "write for example '203.0.113.0/24'",
  INVALID_DURATION: "write for example '--for 24h'",
  INVALID_REASON: 'write for example \'--reason "credential stuffing"\'',
  OWN_ADDRESS: 'take a smaller network, or --force',
  OWN_ADDRESS_UNKNOWN: 'give --own-address, or --force',
  EXEMPT_NETWORK: 'take another network, or --force',
  LIST_FULL: 'deny larger networks, or remove some',
  NOT_DENIED: 'see `deny list`',
  NO_SUCH_FEED: 'give its whole name, as the gateway has it',
};
