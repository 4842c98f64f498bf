import type { LogBook } from '../logs/log-book';
import type { LocalWebAcl, WebAclRequest, WebAclVerdict } from '../web-acl';
import type { Finding } from '../web-acl/stand-in/groups';
import type { Step } from './exchange';

/** Asks whoever stands in for managed groups about a request. */
export type AskStandIn = (request: WebAclRequest, inspectedBytes: number) => Promise<Finding>;

/** The web ACL comes before all else (aws-facts section 6). */
export function checkWebAcl(webAcl: LocalWebAcl | undefined, logs: LogBook, ask: AskStandIn): Step {
  return {
    stage: 'firewall',
    async run(exchange) {
      if (!webAcl) {
        exchange.note = 'no web ACL';
        return undefined;
      }

      const { variables, request, extendedRequestId: requestId } = exchange;
      const seen = { ...request, method: request.sentMethod, body: request.sentBody, requestId };
      const finding = webAcl.standIn === undefined ? undefined : await ask(seen, webAcl.inspectedBytes);
      const verdict = webAcl.evaluate(seen, finding);
      const { action, rule, stage, response, logLine } = verdict;
      if (logLine && webAcl.logGroup) logs.write(webAcl.logGroup, JSON.stringify(logLine));
      variables.set('webaclArn', webAcl.arn);
      variables.set('waf.status', '200');
      variables.set('wafResponseCode', action === 'block' ? 'WAF_BLOCK' : 'WAF_ALLOW');
      exchange.note = noteOf(verdict, webAcl.standIn);
      if (action === 'allow') return undefined;

      const refused = { refusedBy: stage, ...(rule && { rule }) };
      return response
        ? { kind: 'response', ...response, body: Buffer.from(response.body), ...refused }
        : {
            kind: 'refusal',
            responseType: 'WAF_FILTERED',
            message: 'Forbidden',
            stage,
            ...(rule && { rule }),
          };
    },
  };
}

/** The rule that decided; else what only counted, and what nobody could judge here. */
function noteOf(
  { rule, counted, stoodIn, notEvaluated }: WebAclVerdict,
  standIn: string | undefined,
): string | undefined {
  if (rule !== undefined) return rule;
  const notes = [
    ...(counted.length > 0 ? [`counted: ${counted.join(', ')}`] : []),
    ...(stoodIn.length > 0 ? [`${standIn} stood in for: ${stoodIn.join(', ')}`] : []),
    ...(notEvaluated.length > 0 ? [`not evaluated: ${notEvaluated.join(', ')}`] : []),
  ];

  return notes.length > 0 ? notes.join('; ') : undefined;
}
