import type { LocalWebAcl } from '../web-acl';
import type { Step } from './exchange';

/** The web ACL comes before all else (aws-facts section 6). */
export function checkWebAcl(webAcl: LocalWebAcl | undefined): Step {
  return {
    stage: 'firewall',
    run(exchange) {
      if (!webAcl) {
        exchange.note = 'no web ACL';
        return undefined;
      }

      const { variables, request } = exchange;
      const { action, rule, counted, stage, response } = webAcl.evaluate(request);
      variables.set('webaclArn', webAcl.arn);
      variables.set('waf.status', '200');
      variables.set('wafResponseCode', action === 'block' ? 'WAF_BLOCK' : 'WAF_ALLOW');
      exchange.note = rule ?? (counted.length > 0 ? `counted: ${counted.join(', ')}` : undefined);
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
