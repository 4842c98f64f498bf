/** Name of the environment variable that holds the `ThreatFeedResources` as JSON. At most 4 KB. */
export const THREAT_FEED_RESOURCES = 'THREAT_FEED_RESOURCES';

/** File beside the function's code that holds the `ThreatFeedConfiguration` as JSON. */
export const THREAT_FEED_FILE = 'feeds.json';

/** The deploy-time half of what the threat-feed function knows. */
export interface ThreatFeedResources {
  /** What the feeds name. */
  readonly feeds: SetPair;
  /** Previous attackers, put there by `deny add`. */
  readonly attackers: SetPair;
  /** Table of the last good list of each feed, of denied networks and of the audit of changes. */
  readonly table: string;
}

/** The half known at synthesis. */
export interface ThreatFeedConfiguration {
  readonly feeds: readonly FeedConfiguration[];
  /** Networks that may not be denied without force: those the gateway is meant for. */
  readonly exempt: readonly string[];
}

export interface FeedConfiguration {
  /** Names the feed in logs and metrics. */
  readonly name: string;
  /** Fetched by HTTPS; redirects are not followed. */
  readonly url: string;
  readonly format: FeedFormat;
}

export type FeedFormat =
  /** One network or address a line; `#` and `;` begin comments. */
  | { readonly kind: 'lines' }
  /** One JSON object a line, as Spamhaus writes it; `field` holds the network. */
  | { readonly kind: 'jsonLines'; readonly field: string }
  /** Tor's list of exits: `ExitAddress <address> <time>` among other lines. */
  | { readonly kind: 'exitAddresses' };

export interface SetPair {
  readonly ipv4: SetReference;
  readonly ipv6: SetReference;
}

export interface SetReference {
  readonly name: string;
  readonly id: string;
}

/** What the function can be asked, beside its schedule, whose events mean `refresh`. */
export type ThreatFeedRequest =
  | RefreshRequest
  | ExpireRequest
  | RestoreRequest
  | DenyAddRequest
  | DenyRemoveRequest
  | DenyListRequest;

export interface RefreshRequest {
  readonly action: 'refresh';
  /** Feeds whose new list is taken however much it shrank. */
  readonly force?: readonly string[];
}

/** Lets attackers go whose time is over. */
export interface ExpireRequest {
  readonly action: 'expire';
}

/** Puts back what the table has, after CloudFormation wrote the template's empty lists over the sets. */
export interface RestoreRequest {
  readonly action: 'restore';
}

export interface DenyAddRequest {
  readonly action: 'denyAdd';
  readonly network: string;
  readonly forSeconds: number;
  readonly reason: string;
  /** Who asks, for the audit. */
  readonly by: string;
  /** Address of who asks, which is not denied without force. */
  readonly ownAddress?: string;
  readonly force?: boolean;
}

export interface DenyRemoveRequest {
  readonly action: 'denyRemove';
  readonly network: string;
  readonly reason: string;
  readonly by: string;
}

export interface DenyListRequest {
  readonly action: 'denyList';
}

/** A network on the list of previous attackers. Times are seconds of Unix time. */
export interface DeniedNetwork {
  readonly network: string;
  readonly reason: string;
  readonly by: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export type ThreatFeedAnswer =
  | {
      readonly ok: true;
      readonly denied?: readonly DeniedNetwork[];
      /** Feeds whose last good list stays. */
      readonly notTaken?: readonly FeedNotTaken[];
    }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** A feed whose new list was not believed, or not to be had. */
export interface FeedNotTaken {
  readonly feed: string;
  readonly reason: string;
}

/** Partition keys of the function's table; the sort key is a feed's name, a network, or time and network. */
export const FEED_PARTITION = 'feed';
export const DENIED_PARTITION = 'denied';
export const AUDIT_PARTITION = 'audit';

/** Metrics of the function, one for each feed by the dimension `Feed`. */
export const FEED_NAMESPACE = 'SecureApiGateway/ThreatFeeds';
export const FEED_AGE_METRIC = 'FeedAgeSeconds';

/** Description of the stack output by which the command line finds the function. */
export const DENY_FUNCTION_OUTPUT = 'Function of secure-api-gateway deny';
