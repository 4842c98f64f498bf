import type { FeedConfiguration, FeedFormat } from '../protocol/threat-feed';

/**
 * A list on the internet of networks that attacks come from.
 *
 * Networks that are private, reserved or too large (an IPv4 prefix below 10, an IPv6 prefix below 20) are left out,
 * whoever names them. A list is not taken that has more than 5 MB or 100,000 networks, or names more than a 32nd of the
 * internet. Two feeds of one name, and addresses other than HTTPS, fail at synthesis.
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

  /**
   * One network or address a line; `#` and `;` begin comments.
   *
   * @param name Names the feed in logs, metrics and `deny refresh --force`: lower-case letters, digits and `-`, at most 64.
   * @param url Its address, by HTTPS. It stands in the function's code: no secret belongs into it.
   */
  public static lines(name: string, url: string): ThreatFeed {
    return new ThreatFeed(name, url, { kind: 'lines' });
  }

  /**
   * One JSON object a line, whose `field` holds a network. An object of `type` `metadata` may say in `records` how
   * many there must be.
   *
   * @param name As in `lines`.
   * @param url As in `lines`.
   * @param field Name of the member that holds the network.
   */
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
