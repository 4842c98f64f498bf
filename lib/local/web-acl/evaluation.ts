import type { Problem } from '../../errors';
import type { Json } from '../template/read';
import type { Detectors } from './injection';
import type { Locations } from './locations';
import type { RequestView } from './request-view';
import type { Finding } from './stand-in/groups';
import type { Trace } from './trace';

/** One request on its way through the rules. */
export interface Evaluation {
  readonly view: RequestView;
  /** Fully qualified labels, in the order they were given. */
  readonly labels: Set<string>;
  /** Statements that could not be judged here, by what they need. */
  readonly notEvaluated: Set<string>;
  /** Managed groups in whose place the OWASP rules were asked. */
  readonly stoodIn: Set<string>;
  /** What the OWASP rules found, if they stand in. */
  readonly finding?: Finding;
  /** What the log will say. */
  readonly trace: Trace;
}

/** Whether a statement is true of a request; undefined where nobody can judge it here. */
export type Matcher = (evaluation: Evaluation) => boolean | undefined;

/** What statements are compiled with. */
export interface Compilation {
  /** Where the web ACL is, for problems. */
  readonly at: string;
  /** Name of the rule. */
  readonly rule: string;
  readonly problems: Problem[];
  /** What is not run here whatever comes, for the banner. */
  readonly notRun: Set<string>;
  /** Prefix of labels this web ACL or rule group gives. */
  readonly labelPrefix: string;
  /** Properties of an IP set, a regex pattern set or a rule group by its ARN. */
  readonly resource: (arn: string) => Json | undefined;
  readonly locations: Locations;
  readonly detectors: Detectors | undefined;
  /** Who stands in for AWS's groups; undefined if nobody does. */
  readonly standIn?: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** AWS would refuse the template so. */
export function invalid({ problems, at }: Compilation, message: string, remedy: string): Matcher {
  problems.push({ code: 'WAF_INVALID_PARAMETER', at, message, remedy });

  return () => false;
}

/** A statement nobody can judge here: no rule matches by it, nor by its contrary, and every request it saw says so. */
export function notRun({ notRun: all }: Compilation, what: string): Matcher {
  all.add(what);

  return ({ notEvaluated }) => {
    notEvaluated.add(what);
    return undefined;
  };
}
