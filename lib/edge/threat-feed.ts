import type { FeedConfiguration, FeedFormat } from '../protocol/threat-feed';

/**
 * A list on the internet of networks that attacks come from.
 *
 * Networks that are private, reserved or too large are left out, whoever names them.
 */
export class ThreatFeed {
  /** Spamhaus DROP: networks leased or stolen by criminals, IPv4 and IPv6. */
  public static spamhausDrop(): ThreatFeed[] {
    return [
      ThreatFeed.jsonLines('spamhaus-drop', 'https://www.spamhaus.org/drop/drop_v4.json', 'cidr'),
      ThreatFeed.jsonLines('spamhaus-drop-v6', 'https://www.spamhaus.org/drop/drop_v6.json', 'cidr'),
    ];
  }

  /** Tor's exits, by the project's own list. Honest people use Tor too. */
  public static torExits(): ThreatFeed {
    return new ThreatFeed('tor-exits', 'https://check.torproject.org/exit-addresses', {
      kind: 'exitAddresses',
    });
  }

  /** One network or address a line; `#` and `;` begin comments. */
  public static lines(name: string, url: string): ThreatFeed {
    return new ThreatFeed(name, url, { kind: 'lines' });
  }

  /** One JSON object a line, whose `field` holds a network. */
  public static jsonLines(name: string, url: string, field: string): ThreatFeed {
    return new ThreatFeed(name, url, { kind: 'jsonLines', field });
  }

  private constructor(
    /** Names the feed in logs and metrics. */
    public readonly name: string,
    /** Fetched by HTTPS; redirects are not followed. */
    public readonly url: string,
    private readonly format: FeedFormat,
  ) {}

  /** @internal */
  public _configuration(): FeedConfiguration {
    return { name: this.name, url: this.url, format: this.format };
  }
}
