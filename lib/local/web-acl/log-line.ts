import { type Json, objectOf } from '../template/read';
import type { ActionKind } from './action';
import { DataProtection } from './data-protection';
import type { Evaluation } from './evaluation';
import type { WebAclRequest, WebAclVerdict } from './index';
import { logFilter } from './log-filter';
import type { Judgement, LocalRule } from './rule';
import type { GroupReport, RateReport, RuleReport } from './trace';
import type { WebAclSource } from './web-acl';

/** A request that was judged, with all that is known of how. */
export interface Judged {
  readonly request: WebAclRequest;
  readonly verdict: WebAclVerdict;
  readonly evaluation: Evaluation;
  readonly action: ActionKind;
  /** The rule that ended it; undefined for the default action. */
  readonly ended?: { readonly rule: LocalRule; readonly judgement: Judgement };
}

type LogWriter = (judged: Judged) => Json | undefined;

const FORMAT_VERSION = 1;
const MAXIMUM_LABELS = 100;

/** Writes the log lines of a web ACL as AWS does, after data protection; undefined where it has no log. */
export function logWriter(source: WebAclSource, account: string, now: () => number): LogWriter | undefined {
  const { logging, properties, arn, stageArn } = source;
  if (!logging) return undefined;
  const isKept = logFilter(objectOf(logging['LoggingFilter']));
  const protection = new DataProtection(properties, logging, account);
  const [, api = '', stage = ''] = /\/restapis\/([^/]+)\/stages\/([^/]+)/.exec(stageArn) ?? [];

  return ({ request, verdict, evaluation, action, ended }) => {
    const { counted, labels } = verdict;
    if (!isKept({ action, counted, labels })) return undefined;
    const { trace, view } = evaluation;
    const { headers, args, uri, method } = protection.request(request);
    const details = (ended?.judgement.details ?? []).map((detail) => protection.detail(detail));
    const oversizeFields = [...view.oversizeFields];

    return {
      timestamp: now(),
      formatVersion: FORMAT_VERSION,
      webaclId: arn,
      terminatingRuleId: ended?.rule.name ?? 'Default_Action',
      terminatingRuleType: ended?.rule.type ?? 'REGULAR',
      action,
      terminatingRuleMatchDetails: details,
      httpSourceName: 'APIGW',
      httpSourceId: `${account}:${api}:${stage}`,
      ruleGroupList: trace.groups.map((group) => groupEntry(group, protection)),
      rateBasedRuleList: trace.rates.map((rate) => rateEntry(rate, arn, protection)),
      nonTerminatingMatchingRules: trace.counted.map((rule) => ruleEntry(rule, protection)),
      requestHeadersInserted: null,
      responseCodeSent: verdict.response?.status ?? null,
      httpRequest: {
        clientIp: request.sourceIp,
        country: countryOf(labels),
        headers,
        uri,
        args,
        httpVersion: request.protocol ?? 'HTTP/1.1',
        httpMethod: method,
        requestId: request.requestId ?? '-',
      },
      labels: labels.slice(0, MAXIMUM_LABELS).map((name) => ({ name })),
      ...puzzle(action, verdict.response?.status),
      ...(oversizeFields.length > 0 && { oversizeFields }),
      requestBodySize: request.body.length,
      requestBodySizeInspectedByWAF: view.body.bytes.length,
      ...(trace.clientAsn !== undefined && { clientAsn: trace.clientAsn }),
      ...(trace.forwardedAsn !== undefined && { forwardedAsn: trace.forwardedAsn }),
    };
  };
}

function ruleEntry({ ruleId, action, overriddenAction, details }: RuleReport, protection: DataProtection) {
  return {
    ruleId,
    action,
    ...(overriddenAction && { overriddenAction }),
    ruleMatchDetails: details.map((detail) => protection.detail(detail)),
  };
}

/** What the terminating rule of a group found stands in the line's own field only, as in AWS's examples. */
function groupEntry({ id, terminating, counted }: GroupReport, protection: DataProtection) {
  return {
    ruleGroupId: id,
    terminatingRule: terminating ? { ...ruleEntry(terminating, protection), ruleMatchDetails: null } : null,
    nonTerminatingMatchingRules: counted.map((rule) => ruleEntry(rule, protection)),
    excludedRules: null,
  };
}

function rateEntry(rate: RateReport, webAclArn: string, protection: DataProtection) {
  const { rule, limitKey, limitValue, limit, windowSeconds, values } = rate;

  return {
    rateBasedRuleId: `${webAclArn}/${rule}`,
    rateBasedRuleName: rule,
    limitKey,
    ...(limitValue !== undefined && { limitValue }),
    maxRateAllowed: limit,
    // text in AWS's examples
    evaluationWindowSec: String(windowSeconds),
    ...(values && { customValues: values.map((value) => protection.rateValue(value)) }),
  };
}

/** Callers here have no token. */
function puzzle(action: ActionKind, responseCode: number | undefined): Json {
  const response = { responseCode, solveTimestamp: 0, failureReason: 'TOKEN_MISSING' };
  if (action === 'CAPTCHA') return { captchaResponse: response };

  return action === 'CHALLENGE' ? { challengeResponse: response } : {};
}

function countryOf(labels: readonly string[]): string {
  const prefix = 'awswaf:clientip:geo:country:';

  return labels.find((label) => label.startsWith(prefix))?.slice(prefix.length) ?? '-';
}
