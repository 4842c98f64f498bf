import type { Stage } from '../../protocol/refusals';
import type { HeaderList } from '../pipeline/header-list';
import { type Json, textOf } from '../template/read';
import type { TemplateResolver } from '../template/resolver';
import { loadDetectors } from './injection';
import { readLocations } from './locations';
import type { RuleMetrics } from './metrics';
import type { Finding } from './stand-in/groups';
import { compileWebAcl } from './web-acl';

/** What a web ACL sees of a request. */
export interface WebAclRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly rawQuery: string;
  readonly headers: HeaderList;
  readonly body: Buffer;
  readonly sourceIp: string;
  /** For the log line. */
  readonly requestId?: string;
  readonly protocol?: string;
}

/** What a web ACL decided. */
export interface WebAclVerdict {
  readonly action: 'allow' | 'block';
  /** The rule that ended the evaluation; undefined for the default action. */
  readonly rule?: string;
  /** Rules that only counted, in order. */
  readonly counted: readonly string[];
  readonly labels: readonly string[];
  /** What the request met and nobody can judge here: AWS's managed groups, a missing database or detector. */
  readonly notEvaluated: readonly string[];
  /** Managed groups in whose place the OWASP rules were asked. */
  readonly stoodIn: readonly string[];
  /** Where in the pipeline a block belongs. */
  readonly stage: Stage;
  /** A custom response, which comes before the WAF_FILTERED gateway response (aws-facts 3.10). */
  readonly response?: { readonly status: number; readonly headers: HeaderList; readonly body: string };
  /** The line the web ACL's log would get, after data protection; undefined where it is not logged. */
  readonly logLine?: Json;
}

/** A web ACL of the template, ready to judge requests. */
export interface LocalWebAcl {
  readonly arn: string;
  /** Log group of its log; undefined where it has none, or none in CloudWatch Logs. */
  readonly logGroup?: string;
  /** What of it is not run here, for the start-up banner. */
  readonly notRun: readonly string[];
  /** What CloudWatch would have counted so far, by metric name. */
  metrics(): Readonly<Record<string, RuleMetrics>>;
  /** Who must be asked about each request, because it stands in for groups of AWS's; undefined if nobody does. */
  readonly standIn?: string;
  /** As much of a body as is looked at. */
  readonly inspectedBytes: number;
  /** Judges a request, with what the stand-in for managed groups found in it if there is one. */
  evaluate(request: WebAclRequest, finding?: Finding): WebAclVerdict;
}

export interface WebAclDatabases {
  /** MaxMind database of countries. Without one, rules on countries are not evaluated. */
  readonly country?: string;
  /** MaxMind database of autonomous systems. Without one, rules on them are not evaluated. */
  readonly asn?: string;
}

export interface WebAclOptions extends WebAclDatabases {
  /** Name of who stands in for AWS's groups. Without one, they are not evaluated. */
  readonly standIn?: string;
}

/**
 * The web ACL that the template associates with a stage; undefined if there is none.
 *
 * Fails with `GatewayConfigurationError` where AWS would refuse the web ACL.
 */
export function createWebAcl(
  resolver: TemplateResolver,
  stageArn: string,
  now: () => number,
  { standIn, ...databases }: WebAclOptions = {},
): LocalWebAcl | undefined {
  const arn = associatedArn(resolver, stageArn);
  if (arn === undefined) return undefined;
  const id = idByArn(resolver, 'AWS::WAFv2::WebACL', arn);
  if (id === undefined) return elsewhere(arn);

  const logging = resolver
    .idsOf('AWS::WAFv2::LoggingConfiguration')
    .map((logId) => resolver.properties(logId))
    .find(({ ResourceArn }) => textOf(ResourceArn) === arn);
  const source = { arn, stageArn, properties: resolver.properties(id), ...(logging && { logging }) };

  return compileWebAcl(source, {
    resource: (wanted) => {
      const resourceId = REFERENCED.map((type) => idByArn(resolver, type, wanted)).find((found) => found);
      return resourceId === undefined ? undefined : resolver.properties(resourceId);
    },
    locations: readLocations(databases),
    detectors: loadDetectors(),
    ...(standIn !== undefined && { standIn }),
    now,
  });
}

/** What statements refer to by ARN. */
const REFERENCED = ['AWS::WAFv2::IPSet', 'AWS::WAFv2::RegexPatternSet', 'AWS::WAFv2::RuleGroup'];

function associatedArn(resolver: TemplateResolver, stageArn: string): string | undefined {
  const association = resolver
    .idsOf('AWS::WAFv2::WebACLAssociation')
    .map((id) => resolver.properties(id))
    .find(({ ResourceArn }) => textOf(ResourceArn) === stageArn);

  return textOf(association?.['WebACLArn']);
}

function idByArn(resolver: TemplateResolver, type: string, arn: string): string | undefined {
  return resolver.idsOf(type).find((id) => resolver.attribute(id, 'Arn') === arn);
}

/** A web ACL that is kept in another stack: its rules are not here, so it lets everything through and says so. */
function elsewhere(arn: string): LocalWebAcl {
  const what = `web ACL ${arn} (not in this stack)`;

  return {
    arn,
    notRun: [what],
    metrics: () => ({}),
    inspectedBytes: 0,
    evaluate: () => ({
      action: 'allow',
      counted: [],
      labels: [],
      notEvaluated: [what],
      stoodIn: [],
      stage: 'firewall',
    }),
  };
}
