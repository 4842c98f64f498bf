import type { Stage } from '../../protocol/refusals';
import type { HeaderList } from '../pipeline/header-list';
import type { TemplateResolver } from '../template/resolver';

/** What a web ACL sees of a request. */
export interface WebAclRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly rawQuery: string;
  readonly headers: HeaderList;
  readonly body: Buffer;
  readonly sourceIp: string;
}

/** What a web ACL decided. */
export interface WebAclVerdict {
  readonly action: 'allow' | 'block';
  /** The rule that ended the evaluation; undefined for the default action. */
  readonly rule?: string;
  /** Rules that only counted, in order. */
  readonly counted: readonly string[];
  readonly labels: readonly string[];
  /** Where in the pipeline a block belongs. */
  readonly stage: Stage;
  /** A custom response, which comes before the WAF_FILTERED gateway response (aws-facts 3.10). */
  readonly response?: { readonly status: number; readonly headers: HeaderList; readonly body: string };
}

/** A web ACL of the template, ready to judge requests. */
export interface LocalWebAcl {
  readonly arn: string;
  /** What of it is not run here, for the start-up banner. */
  readonly notRun: readonly string[];
  evaluate(request: WebAclRequest): WebAclVerdict;
}

/** The web ACL that the template associates with a stage; undefined if there is none. */
export function createWebAcl(
  _resolver: TemplateResolver,
  _stageArn: string,
  _now: () => number,
): LocalWebAcl | undefined {
  return undefined;
}
