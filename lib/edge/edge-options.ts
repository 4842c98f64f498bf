import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Countries } from './countries';
import type { EdgeRule } from './edge-rule';
import type { ManagedRules } from './managed-rules';
import type { Rate } from './rate';
import type { ThreatFeed } from './threat-feed';

/**
 * Callers that some rules let pass.
 */
export interface EdgeExemption {
  /**
   * Networks or addresses, IPv4 and IPv6.
   */
  readonly networks: string[];

  /**
   * The rules that let them pass. All others still hold; rates per address, reserved headers and the
   * ceiling cannot be named.
   */
  readonly rules: EdgeRule[];
}

/**
 * Who detects SQL injection and cross-site scripting.
 */
export enum InjectionDetection {
  /** AWS's managed groups, whose rules are not published. */
  MANAGED = 'managed',
  /** Own statements on path, query and body, which the local gateway can run too, in place of AWS's SQL group. */
  OWN = 'own',
}

/**
 * What the edge of a gateway lets through.
 */
export interface EdgeOptions {
  /**
   * Networks or addresses that are refused, IPv4 and IPv6.
   *
   * @default - none
   */
  readonly deny?: string[];

  /**
   * Networks or addresses that may call; everyone else is refused, in both families.
   *
   * @default - everyone may call
   */
  readonly onlyFrom?: string[];

  /**
   * Named sets of networks, for operations with `x-gateway.onlyFrom`.
   *
   * @default - none
   */
  readonly networks?: { [name: string]: string[] };

  /**
   * Callers that some rules let pass.
   *
   * @default - nobody
   */
  readonly exempt?: EdgeExemption[];

  /**
   * Which countries may call.
   *
   * @default - all
   */
  readonly countries?: Countries;

  /**
   * Numbers of autonomous systems that are refused.
   *
   * @default - none
   */
  readonly refusedAsns?: number[];

  /**
   * Lists of networks on the internet that are refused, kept by a scheduled function; give an empty list for the
   * command `secure-api-gateway deny` alone.
   *
   * @default - none, and no such function
   */
  readonly threatFeeds?: ThreatFeed[];

  /**
   * Rates; each replaces the default of its kind. Rates on paths have no default.
   *
   * @default - per 5 minutes: 2,000 per address, 3,000 per credential, 500 per address without one, 20 per
   * address on logins; 300,000 for all callers together
   */
  readonly rates?: Rate[];

  /**
   * AWS-managed groups beyond the default ones, and settings of those.
   *
   * @default - IP reputation, common, known bad inputs and SQL injection, at AWS's default versions
   */
  readonly managedRules?: ManagedRules[];

  /**
   * Who detects SQL injection and cross-site scripting.
   *
   * @default InjectionDetection.MANAGED
   */
  readonly injection?: InjectionDetection;

  /**
   * Rules that count instead of refuse.
   *
   * @default - none beyond those that always only count
   */
  readonly count?: EdgeRule[];

  /**
   * Whether every rule counts instead of refuses. Nothing is protected then.
   *
   * @default false
   */
  readonly observe?: boolean;

  /**
   * Whether requests that no rule had anything to say on are logged too. The access log has them already.
   *
   * @default false
   */
  readonly logAllowed?: boolean;

  /**
   * How long the web ACL's log is kept.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays;
}
