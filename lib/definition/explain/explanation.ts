/** Everything that guards one operation, in the order of the pipeline. */
export interface Explanation {
  /** `METHOD path`, as declared. */
  readonly operation: string;
  readonly id: string;
  /** Where it is declared. */
  readonly at: string;
  /** Path in the gateway, if sibling variables had to be unified. */
  readonly gatewayPath?: string;
  readonly stages: readonly ExplainedStage[];
  /** What nothing before the service checks. */
  readonly service: readonly ExplainedRule[];
}

export interface ExplainedStage {
  /** Its number in the pipeline. */
  readonly number: number;
  readonly title: string;
  readonly enforcedBy: string;
  /** Status and code a client sees. */
  readonly refusal?: string;
  readonly rules: readonly ExplainedRule[];
}

export interface ExplainedRule {
  readonly rule: string;
  /** `file:line:column` of the document, `default`, or the name of the prop it comes from. */
  readonly from: string;
}
