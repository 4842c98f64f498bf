import { type Json, listOf, objectOf, textOf } from '../template/read';
import { protectionOf } from './data-protection';
import type { WebAclRequest, WebAclVerdict } from './index';
import type { RuleType } from './rule';
import type { WebAclSource } from './web-acl';

type LogWriter = (
  request: WebAclRequest,
  verdict: WebAclVerdict,
  type: RuleType | undefined,
) => Json | undefined;

const FORMAT_VERSION = 1;

/** Writes the log lines of a web ACL as AWS does, after data protection; undefined where it has no log. */
export function logWriter(source: WebAclSource, account: string, now: () => number): LogWriter | undefined {
  const { logging, properties, arn, stageArn } = source;
  if (!logging) return undefined;
  const isKept = filterOf(objectOf(logging['LoggingFilter']));
  const protect = protectionOf(properties, logging, account);
  const [, api = '', stage = ''] = /\/restapis\/([^/]+)\/stages\/([^/]+)/.exec(stageArn) ?? [];

  return (request, verdict, type) => {
    if (!isKept(verdict)) return undefined;
    const { method, path, sourceIp, body } = request;
    const { headers, args } = protect(request);

    return {
      timestamp: now(),
      formatVersion: FORMAT_VERSION,
      webaclId: arn,
      terminatingRuleId: verdict.rule ?? 'Default_Action',
      terminatingRuleType: type ?? 'REGULAR',
      action: verdict.action.toUpperCase(),
      terminatingRuleMatchDetails: [],
      httpSourceName: 'APIGW',
      httpSourceId: `${account}:${api}:${stage}`,
      ruleGroupList: [],
      rateBasedRuleList: [],
      nonTerminatingMatchingRules: verdict.counted.map((ruleId) => ({
        ruleId,
        action: 'COUNT',
        ruleMatchDetails: [],
      })),
      requestHeadersInserted: null,
      responseCodeSent: verdict.response?.status ?? null,
      httpRequest: {
        clientIp: sourceIp,
        country: countryOf(verdict.labels),
        headers,
        uri: path,
        args,
        httpVersion: 'HTTP/1.1',
        httpMethod: method,
        requestId: request.requestId ?? '-',
      },
      labels: verdict.labels.map((name) => ({ name })),
      requestBodySize: body.length,
    };
  };
}

function countryOf(labels: readonly string[]): string {
  const prefix = 'awswaf:clientip:geo:country:';

  return labels.find((label) => label.startsWith(prefix))?.slice(prefix.length) ?? '-';
}

type Kept = (verdict: WebAclVerdict) => boolean;

/** Filters in order, the first that applies deciding; else the default. */
function filterOf(filter: Json): Kept {
  const filters = listOf(filter['Filters']).map(objectOf);
  const byDefault = filter['DefaultBehavior'] !== 'DROP';
  const compiled = filters.map(({ Behavior, Requirement, Conditions }) => {
    const conditions = listOf(Conditions).map((condition) => conditionOf(objectOf(condition)));
    return {
      keeps: Behavior === 'KEEP',
      applies: (verdict: WebAclVerdict) =>
        Requirement === 'MEETS_ALL'
          ? conditions.every((holds) => holds(verdict))
          : conditions.some((holds) => holds(verdict)),
    };
  });

  return (verdict) => compiled.find(({ applies }) => applies(verdict))?.keeps ?? byDefault;
}

function conditionOf({ ActionCondition, LabelNameCondition }: Json): Kept {
  const action = textOf(objectOf(ActionCondition)['Action']);
  const label = textOf(objectOf(LabelNameCondition)['LabelName']);
  if (label !== undefined) return ({ labels }) => labels.includes(label);

  return (verdict) =>
    action === 'COUNT' ? verdict.counted.length > 0 : verdict.action.toUpperCase() === action;
}
