import type { IResource } from 'aws-cdk-lib';
import { Annotations, Aws, Resource, Stack, Token } from 'aws-cdk-lib';
import type { IStageRef } from 'aws-cdk-lib/aws-apigateway';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { type CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { GatewayConfigurationError, type Problem } from '../errors';
import { responseBodies } from './blocked-response';
import { draftCapacity, INCLUDED_CAPACITY } from './capacity';
import type { EdgeRestriction } from './edge-operation';
import { addressesIn } from './ip-set-pair';
import { countingRules, type PlacedRule, placeRules, ruleProperty } from './rule-assembly';
import { RULES } from './rule-table';
import { inspectionLimit } from './rules/body';
import { ThreatFeeds } from './threat-feeds';
import { capacityProblems, settingsProblems, templateProblems, WEB_ACL } from './web-acl-limits';
import { dataProtection, defineLogGroup, defineLogging, hiddenParts, LOG_GROUP_PREFIX } from './web-acl-log';
import type { WebAclProps, WebAclRedaction } from './web-acl-props';
import { WebAclResource } from './web-acl-resource';
import { type WebAclSettings, webAclSettings } from './web-acl-settings';

/**
 * A web ACL, defined here or elsewhere.
 */
export interface IWebAcl extends IResource {
  /**
   * ARN of the web ACL.
   */
  readonly webAclArn: string;

  /**
   * Protects a stage. A stage has one web ACL at most.
   */
  associate(stage: IStageRef): CfnWebACLAssociation;
}

abstract class WebAclBase extends Resource implements IWebAcl {
  public abstract readonly webAclArn: string;

  public associate(stage: IStageRef): CfnWebACLAssociation {
    const { restApiId, stageName } = stage.stageRef;
    // by reference, so that CloudFormation waits for the stage; by name alone the two race
    const resourceArn = `arn:${Aws.PARTITION}:apigateway:${Stack.of(stage).region}::/restapis/${restApiId}/stages/${stageName}`;

    return new CfnWebACLAssociation(stage, 'WebAclAssociation', { webAclArn: this.webAclArn, resourceArn });
  }
}

/**
 * Web ACL in front of a REST stage: who may call, how often, and what may not be sent.
 *
 * Defines one regional web ACL, its log, and IP sets of both families. Its rules and their order are fixed
 * (`EdgeRule`); options say which are there and which only count.
 */
export class WebAcl extends WebAclBase {
  /**
   * A web ACL that is defined elsewhere, to be attached in place of this one.
   */
  public static fromWebAclArn(scope: Construct, id: string, webAclArn: string): IWebAcl {
    class Imported extends WebAclBase {
      public readonly webAclArn = webAclArn;
    }

    return new Imported(scope, id);
  }

  /** ARN of the web ACL. */
  public readonly webAclArn: string;

  /** Log group the web ACL writes to. */
  public readonly logGroup: ILogGroup;

  /** Capacity units the rules need. Beyond 1,500 AWS charges for requests more. */
  public readonly capacity: number;

  /** Keeps the lists of threat feeds and attackers, if `threatFeeds` is given. */
  public readonly threatFeedFunction?: IFunction;

  /** One alarm for each threat feed: its list is too old. Add actions to them. */
  public readonly staleFeedAlarms: Alarm[];

  /**
   * Denials do not end, for the function that keeps the lists fails; where it does not run at all, the alarm lacks data.
   * Add actions for both. Defined if `threatFeeds` is given.
   */
  public readonly denialAlarm?: Alarm;

  /** @internal */
  public readonly _id: string;

  /** @internal */
  public readonly _restrictions: readonly EdgeRestriction[];

  /** @internal */
  public readonly _hidden: Required<WebAclRedaction>;

  /** The association with `stage`, for what must wait until the stage is protected. */
  public readonly association?: CfnWebACLAssociation;

  constructor(scope: Construct, id: string, props: WebAclProps = {}) {
    super(scope, id);

    const settings = webAclSettings(props);
    const problems: Problem[] = settingsProblems(settings, RULES, this.node.path);
    const placed = placeRules({ settings, scope: this, at: this.node.path, problems });
    const counts = countingRules(props.observe ?? false, props.count ?? []);
    const rules = placed.map((rule) => ruleProperty(rule, counts));
    this.capacity = placed.reduce((sum, { draft }) => sum + draftCapacity(draft), 0);
    problems.push(
      ...templateProblems(rules, addressesIn(this), this.node.path, WEB_ACL),
      ...capacityProblems(this.capacity, this.node.path),
      ...logGroupProblems(props.logGroup, this.node.path),
    );
    if (problems.length > 0) throw new GatewayConfigurationError(problems);
    this.warn(props.observe ?? false);
    const lists = this.node.tryFindChild('ThreatFeeds');
    this.threatFeedFunction = lists instanceof ThreatFeeds ? lists.handler : undefined;
    this.staleFeedAlarms = lists instanceof ThreatFeeds ? lists.staleAlarms : [];
    if (lists instanceof ThreatFeeds) this.denialAlarm = lists.failingAlarm;

    const acl = this.defineWebAcl(settings, placed, rules);
    this.webAclArn = acl.attrArn;
    this._id = acl.attrId;
    this._restrictions = settings.restrictions;
    this._hidden = hiddenParts(settings);
    this.logGroup = props.logGroup ?? defineLogGroup(this, settings, acl.attrId);
    defineLogging(this, acl, this.logGroup, settings);
    if (props.stage) this.association = this.associate(props.stage);
  }

  private defineWebAcl(
    settings: WebAclSettings,
    placed: readonly PlacedRule[],
    rules: CfnWebACL.RuleProperty[],
  ): CfnWebACL {
    const limit = inspectionLimit(settings);

    return new WebAclResource(this, 'Resource', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      rules,
      customResponseBodies: responseBodies(
        placed.flatMap(({ draft }) => (draft.response ? [draft.response.refusal] : [])),
      ),
      associationConfig: { requestBody: { API_GATEWAY: { defaultSizeInspectionLimit: `KB_${limit}` } } },
      dataProtectionConfig: dataProtection(settings),
      visibilityConfig: {
        cloudWatchMetricsEnabled: true,
        metricName: 'WebAcl',
        sampledRequestsEnabled: false,
      },
    });
  }

  private warn(observe: boolean) {
    const annotations = Annotations.of(this);
    if (observe) {
      annotations.addWarningV2('secure-api-gateway:observe', 'the web ACL only counts: it refuses nobody');
    }
    if (this.capacity > INCLUDED_CAPACITY) {
      annotations.addWarningV2(
        'secure-api-gateway:capacity',
        `the web ACL's rules need ${this.capacity} capacity units; AWS charges for more than ${INCLUDED_CAPACITY}`,
      );
    }
  }
}

function logGroupProblems(logGroup: ILogGroup | undefined, at: string): Problem[] {
  const name = logGroup?.logGroupName;
  if (name === undefined || Token.isUnresolved(name) || name.startsWith(LOG_GROUP_PREFIX)) return [];

  return [
    {
      code: 'LOG_GROUP_NAME',
      at,
      message: `AWS WAF writes only to log groups whose name starts with '${LOG_GROUP_PREFIX}', got '${name}'`,
      remedy: 'rename it or leave it out',
    },
  ];
}
