import { GatewayConfigurationError, type Problem } from '../../errors';
import type { Stage } from '../../protocol/refusals';
import { isObject, type Json, listOf, numberOf, objectOf, textOf } from '../template/read';
import { type Action, actionOf } from './action';
import type { Compilation, Evaluation } from './evaluation';
import type { LocalWebAcl, WebAclVerdict } from './index';
import { logWriter } from './log-line';
import { Metrics } from './metrics';
import { RequestView } from './request-view';
import { responseOf } from './response';
import { compileRules, type Judgement, type LocalRule } from './rule';
import { isStoodInFor } from './stand-in/groups';
import { Trace } from './trace';

const DEFAULT_INSPECTED_KILOBYTES = 16;

/** Everything of a template that one web ACL needs. */
export interface WebAclSource {
  readonly arn: string;
  /** ARN of the protected stage. */
  readonly stageArn: string;
  readonly properties: Json;
  /** Properties of the logging configuration, if there is one. */
  readonly logging?: Json;
}

/** Compiles a web ACL; fails where AWS would refuse the template. */
export function compileWebAcl(
  source: WebAclSource,
  given: Omit<Compilation, 'problems' | 'notRun' | 'at' | 'rule' | 'labelPrefix'>,
): LocalWebAcl {
  const { arn, properties } = source;
  const problems: Problem[] = [];
  const notRun = new Set<string>();
  const [, account = '', name = ''] = /:(\d+):regional\/webacl\/([^/]+)/.exec(arn) ?? [];
  const labelPrefix = `awswaf:${account}:webacl:${name}:`;
  const rules = compileRules(properties['Rules'], {
    ...given,
    problems,
    notRun,
    at: name,
    rule: '',
    labelPrefix,
  });
  if (problems.length > 0) throw new GatewayConfigurationError(problems);

  const standIn = needsStandIn(properties) ? given.standIn : undefined;
  const bodies = objectOf(properties['CustomResponseBodies']);
  const inspected = inspectedBytes(properties);
  const byDefault = actionOf(properties['DefaultAction'] ?? { Allow: {} });
  const metrics = new Metrics();
  const writeLog = logWriter(source, account, given.now);

  const logGroup = logGroupOf(source.logging);

  return {
    arn,
    ...(logGroup !== undefined && { logGroup }),
    notRun: [...notRun],
    metrics: () => metrics.read(),
    inspectedBytes: inspected,
    ...(standIn !== undefined && { standIn }),
    evaluate(request, finding) {
      const evaluation: Evaluation = {
        view: new RequestView(request, inspected),
        labels: new Set<string>(),
        notEvaluated: new Set<string>(),
        stoodIn: new Set<string>(),
        trace: new Trace(),
        ...(finding && { finding }),
      };
      const { counted, ended } = runRules(rules, evaluation, metrics);
      const action = ended?.judgement.action ?? byDefault;
      metrics.count('ALL', action.kind);

      const verdict = verdictOf(action, ended, counted, evaluation, bodies);
      const logLine = writeLog?.({
        request,
        verdict,
        evaluation,
        action: action.kind,
        ...(ended && { ended }),
      });
      return logLine ? { ...verdict, logLine } : verdict;
    },
  };
}

interface Ended {
  readonly rule: LocalRule;
  readonly judgement: Judgement;
}

function runRules(
  rules: readonly LocalRule[],
  evaluation: Evaluation,
  metrics: Metrics,
): { readonly counted: readonly string[]; readonly ended?: Ended } {
  const counted: string[] = [];
  for (const rule of rules) {
    const judgement = rule.judge(evaluation);
    if (!judgement) continue;
    counted.push(...judgement.counted);
    metrics.count(rule.metric, judgement.action.kind);
    if (judgement.terminates) return { counted, ended: { rule, judgement } };
    if (judgement.rule === '') continue;
    counted.push(judgement.rule);
    evaluation.trace.counted.push({ ruleId: rule.name, action: 'COUNT', details: judgement.details });
  }

  return { counted };
}

function verdictOf(
  action: Action,
  ended: Ended | undefined,
  counted: readonly string[],
  { labels, notEvaluated, stoodIn }: Evaluation,
  bodies: Json,
): WebAclVerdict {
  const response = action.kind === 'ALLOW' ? undefined : responseOf(action, bodies);

  return {
    action: action.kind === 'ALLOW' ? 'allow' : 'block',
    ...(ended && { rule: ended.judgement.rule }),
    counted,
    labels: [...labels],
    notEvaluated: [...notEvaluated],
    stoodIn: [...stoodIn],
    stage: stageOf(action, ended),
    ...(response && { response }),
  };
}

/** Rates and lists of callers are stages of their own; all else is the firewall. */
function stageOf({ customResponse }: Action, ended: Ended | undefined): Stage {
  if (ended?.rule.type === 'RATE_BASED' || numberOf(customResponse?.['ResponseCode']) === 429) return 'rate';

  return 'firewall';
}

/** Whether some group of AWS's is one that others can stand in for. */
function needsStandIn({ Rules }: Json): boolean {
  return listOf(Rules)
    .map((rule) => objectOf(objectOf(objectOf(rule)['Statement'])['ManagedRuleGroupStatement']))
    .some(({ Name }) => isStoodInFor(textOf(Name) ?? ''));
}

/** Name of the log group among the destinations' ARNs, of which there is one. */
function logGroupOf(logging: Json | undefined): string | undefined {
  const [destination] = listOf(logging?.['LogDestinationConfigs']);

  return /:log-group:([^:]+)/.exec(textOf(destination) ?? '')?.[1];
}

function inspectedBytes({ AssociationConfig }: Json): number {
  const bodies = objectOf(objectOf(AssociationConfig)['RequestBody']);
  const settings = bodies['API_GATEWAY'];
  const limit = isObject(settings) ? textOf(settings['DefaultSizeInspectionLimit']) : undefined;

  return (numberOf(limit?.replace('KB_', '')) ?? DEFAULT_INSPECTED_KILOBYTES) * 1024;
}
