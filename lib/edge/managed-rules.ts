import { EdgeRule } from './edge-rule';

/**
 * Settings of an AWS-managed rule group.
 */
export interface ManagedRulesOptions {
  /**
   * Version to stay at, for example `Version_1.18`. AWS retires versions, after notice.
   *
   * @default - the group's default version, which AWS moves
   */
  readonly version?: string;

  /**
   * Rules of the group that count instead of refuse, for example `GenericRFI_BODY`.
   *
   * @default - only those that this library answers for itself
   */
  readonly count?: string[];
}

/**
 * How closely Bot Control looks.
 */
export enum BotInspection {
  COMMON = 'COMMON',
  TARGETED = 'TARGETED',
}

/**
 * Settings of Bot Control.
 */
export interface BotControlOptions extends ManagedRulesOptions {
  /**
   * How closely to look. `TARGETED` costs more.
   *
   * @default BotInspection.COMMON
   */
  readonly inspection?: BotInspection;
}

/**
 * Settings of account takeover prevention.
 */
export interface AccountTakeoverOptions extends ManagedRulesOptions {
  /**
   * JSON Pointer of the user name in the body, for example `/username`.
   */
  readonly usernameField: string;

  /**
   * JSON Pointer of the password in the body, for example `/password`.
   */
  readonly passwordField: string;

  /**
   * Path of the login.
   *
   * @default - every operation that looks like a login
   */
  readonly loginPath?: string;
}

/**
 * A rule group AWS writes and keeps.
 *
 * IP reputation, common, known bad inputs and SQL injection are always there; name one to set it.
 */
export class ManagedRules {
  /** Addresses known to be bots or attackers. Has no versions. Always there. */
  public static ipReputation(options?: ManagedRulesOptions): ManagedRules {
    return new ManagedRules(EdgeRule.IP_REPUTATION, options);
  }

  /** The common rule set. Always there. */
  public static common(options?: ManagedRulesOptions): ManagedRules {
    return new ManagedRules(EdgeRule.COMMON, options);
  }

  /** Requests known to be exploits. Always there. */
  public static knownBadInputs(options?: ManagedRulesOptions): ManagedRules {
    return new ManagedRules(EdgeRule.KNOWN_BAD_INPUTS, options);
  }

  /** SQL injection. Always there unless injection is detected by own statements. */
  public static sqlInjection(options?: ManagedRulesOptions): ManagedRules {
    return new ManagedRules(EdgeRule.SQL_INJECTION, options);
  }

  /** Anonymising proxies, Tor and hosting providers: also callers that run in a cloud. Has no versions. */
  public static anonymousAddresses(options?: ManagedRulesOptions): ManagedRules {
    return new ManagedRules(EdgeRule.ANONYMOUS_ADDRESSES, options);
  }

  /** Exploits of Linux. */
  public static linux(options?: ManagedRulesOptions): ManagedRules {
    return new ManagedRules(EdgeRule.LINUX, options);
  }

  /** Bots. AWS charges for it by the month and by the request. */
  public static botControl(options?: BotControlOptions): ManagedRules {
    return new ManagedRules(EdgeRule.BOT_CONTROL, options, {
      inspection: options?.inspection ?? BotInspection.COMMON,
    });
  }

  /** Stolen credentials tried on logins. AWS charges for it by the month and by the login. */
  public static accountTakeover(options: AccountTakeoverOptions): ManagedRules {
    return new ManagedRules(EdgeRule.ACCOUNT_TAKEOVER, options, { takeover: options });
  }

  /** Floods of requests, refused when suspect; nobody is asked to solve a challenge. AWS charges for it. */
  public static antiDdos(options?: ManagedRulesOptions): ManagedRules {
    return new ManagedRules(EdgeRule.ANTI_DDOS, options);
  }

  /** Version to stay at. */
  public readonly version?: string;

  /** Rules that count instead of refuse. */
  public readonly count: string[];

  private constructor(
    /** The rule that holds the group. */
    public readonly rule: EdgeRule,
    options: ManagedRulesOptions = {},
    private readonly settings: ManagedSettings = {},
  ) {
    this.version = options.version;
    this.count = options.count ?? [];
  }

  /** @internal */
  public get _inspection(): BotInspection {
    return this.settings.inspection ?? BotInspection.COMMON;
  }

  /** @internal */
  public get _takeover(): AccountTakeoverOptions | undefined {
    return this.settings.takeover;
  }
}

interface ManagedSettings {
  readonly inspection?: BotInspection;
  readonly takeover?: AccountTakeoverOptions;
}
