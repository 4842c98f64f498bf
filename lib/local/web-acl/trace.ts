import type { ActionKind } from './action';

/** Where in a request a statement found something, in the words of AWS's log. */
export type Location =
  | 'URI'
  | 'QUERY_STRING'
  | 'METHOD'
  | 'HEADER'
  | 'COOKIE'
  | 'SINGLE_QUERY_ARG'
  | 'ALL_QUERY_ARGS'
  | 'BODY'
  | 'UNKNOWN';

/** What an SQLi or XSS statement found. */
export interface MatchDetail {
  readonly conditionType: 'SQL_INJECTION' | 'XSS';
  readonly sensitivityLevel?: string;
  readonly location: Location;
  readonly matchedData: readonly string[];
  /** Of a header, cookie or argument. */
  readonly fieldName?: string;
  /** The field as it came, which data protection hashes. */
  readonly fieldValue: string;
}

/** A rule that matched. */
export interface RuleReport {
  readonly ruleId: string;
  readonly action: ActionKind;
  /** The rule's own action, where a web ACL overrides it. */
  readonly overriddenAction?: ActionKind;
  readonly details: readonly MatchDetail[];
}

/** A group of rules that a request went through. */
export interface GroupReport {
  readonly id: string;
  readonly terminating?: RuleReport;
  readonly counted: readonly RuleReport[];
}

/** Part of a custom key of a rate: its kind, its name if it has one, and what it was. */
export interface RateValue {
  readonly key: string;
  readonly name?: string;
  readonly value: string;
}

/** A rate that a request exceeded. */
export interface RateReport {
  readonly rule: string;
  readonly limitKey: string;
  /** Where the key is one address. */
  readonly limitValue?: string;
  readonly limit: number;
  readonly windowSeconds: number;
  /** Where the key is made of parts. */
  readonly values?: readonly RateValue[];
}

/** What became of one request on its way through the rules, for the log. */
export class Trace {
  /** Of the rule that is being judged. */
  public details: MatchDetail[] = [];
  public readonly counted: RuleReport[] = [];
  public readonly groups: GroupReport[] = [];
  public readonly rates: RateReport[] = [];
  /** Set once a statement asked for it. */
  public clientAsn: number | undefined;
  public forwardedAsn: number | undefined;

  /** Takes what the rule found, and makes room for the next one. */
  public takeDetails(): readonly MatchDetail[] {
    const { details } = this;
    this.details = [];

    return details;
  }
}
