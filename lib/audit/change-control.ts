import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { changePattern } from './change-pattern';
import { type ChangeWatched, changeSubjects } from './change-subjects';

export interface ChangeControlProps {
  readonly topic: ITopic;
  readonly watched: ChangeWatched;
  /** ARNs of roles whose changes are expected. */
  readonly unreportedRoles: readonly string[];
}

/**
 * Tells of changes that anybody makes to the gateway past its template: who, what, from where.
 *
 * Rests on CloudTrail: an account without a trail of management events tells nothing. EventBridge leaves calls
 * that only read out by itself.
 */
export class ChangeControl extends Construct {
  constructor(scope: Construct, id: string, { topic, watched, unreportedRoles }: ChangeControlProps) {
    super(scope, id);
    const gateway = scope.node.path;

    for (const { name, what, source, events, subject, writers = [] } of changeSubjects(watched)) {
      new CfnRule(this, name, {
        description: `Somebody changes ${what} of ${gateway}`.slice(0, 512),
        eventPattern: changePattern({ source, events, subject, except: [...writers, ...unreportedRoles] }),
        targets: [
          {
            id: 'Topic',
            arn: topic.topicArn,
            inputTransformer: { inputPathsMap: PATHS, inputTemplate: messageOf(what, gateway) },
          },
        ],
      });
    }
  }
}

const PATHS = {
  account: '$.account',
  call: '$.detail.eventName',
  error: '$.detail.errorCode',
  event: '$.detail.eventID',
  from: '$.detail.sourceIPAddress',
  region: '$.region',
  time: '$.detail.eventTime',
  who: '$.detail.userIdentity.arn',
};

/** EventBridge takes JSON: a text stands in quotes. What a path does not find is left empty. */
function messageOf(what: string, gateway: string): string {
  return JSON.stringify(
    `<call> on ${what} of ${gateway}, by <who> from <from>, at <time> in account <account>, <region>. Error, if it failed: <error>. ` +
      `CloudTrail has the rest under event <event>. If it was no deployment and nobody can say why: take the caller's rights, then deploy the stack anew.`,
  );
}
