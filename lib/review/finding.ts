import type { Resource } from './model/template';

/** How sure a finding is. */
export type Certainty =
  /** The template says so. */
  | 'certain'
  /** The template does not tell: look at what lies outside it. */
  | 'unknown';

/** Something a design review would object to. */
export interface ReviewFinding {
  /** Name of the rule, for example `side-door`. */
  readonly rule: string;
  readonly certainty: Certainty;
  readonly stack: string;
  readonly logicalId: string;
  /** Where: the construct's path, or stack and logical id. */
  readonly at: string;
  /** Property that shows it, for example `Properties.Protocol`. */
  readonly location: string;
  readonly message: string;
  readonly remedy: string;
}

/** A finding at a resource. */
export function findingAt(
  { stack, logicalId, label }: Resource,
  finding: Pick<ReviewFinding, 'rule' | 'location' | 'message' | 'remedy'> &
    Partial<Pick<ReviewFinding, 'certainty'>>,
): ReviewFinding {
  return { certainty: 'certain', ...finding, stack, logicalId, at: label };
}
