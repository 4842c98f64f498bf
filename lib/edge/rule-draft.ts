import type { Construct } from 'constructs';
import type { Problem } from '../errors';
import type { OwnResponse } from './blocked-response';
import type { ManagedGroup } from './managed-group';
import type { Statement } from './statement';
import type { WebAclSettings } from './web-acl-settings';

/** What a rule's definition may use. */
export interface RuleContext {
  readonly settings: WebAclSettings;
  /** Where IP sets are defined. */
  readonly scope: Construct;
  /** Construct path, for problems. */
  readonly at: string;
  readonly problems: Problem[];
}

/** A rule before its place, its action and its exemptions are known. */
export interface RuleDraft {
  /** Distinguishes rules of one kind; `''` where there is one only. */
  readonly suffix?: string;
  /** What matches; a managed group brings its own. */
  readonly statement: Statement | ManagedGroup;
  /** Answer other than API Gateway's 403. */
  readonly response?: OwnResponse;
  /** Labels beside the rule's own. */
  readonly labels?: readonly string[];
}

/** A managed group is told from a statement by its vendor. */
export function isManagedGroup(statement: Statement | ManagedGroup): statement is ManagedGroup {
  return 'vendorName' in statement;
}
