import type { Subject } from './change-pattern';

/** What of a gateway is watched for changes, by the names that calls to AWS give it. */
export interface ChangeWatched {
  readonly apiId: string;
  readonly stageArn: string;
  readonly domainName?: string;
  readonly usagePlanIds: readonly string[];
  readonly authorizer: { readonly name: string; readonly arn: string };
  readonly webAclArn: string;
  /** None where the web ACL is defined elsewhere. */
  readonly webAclId?: string;
  readonly ipSetIds: readonly string[];
  /** Roles of functions whose task it is to write the IP sets. */
  readonly ipSetWriters: readonly string[];
  readonly table?: { readonly name: string; readonly arn: string };
  readonly secrets: readonly { readonly name: string; readonly arn: string }[];
  /** Roles of functions whose task it is to write the secrets. */
  readonly secretWriters: readonly string[];
  readonly logGroups: readonly string[];
}

export interface ChangeSubject {
  /** Id of the rule. */
  readonly name: string;
  /** In the user's words. */
  readonly what: string;
  readonly source: string;
  readonly events?: readonly string[];
  readonly subject: Subject;
  /** Roles whose task these changes are. */
  readonly writers?: readonly string[];
}

/** EventBridge takes patterns of 2,048 characters; an id has 36, a log group's name perhaps 150, and stands twice. */
const IDS_IN_A_RULE = 20;
const GROUPS_IN_A_RULE = 4;

/** One rule each, and more of them for many IP sets or log groups; none grows with the document. */
export function changeSubjects(watched: ChangeWatched): ChangeSubject[] {
  const { apiId, domainName, usagePlanIds, authorizer, table, secrets, logGroups } = watched;
  return [
    {
      name: 'Api',
      what: 'the API, its domain or its plans',
      source: 'aws.apigateway',
      subject: {
        restApiId: [apiId],
        usagePlanId: usagePlanIds,
        ...(domainName !== undefined && { domainName: [domainName] }),
      },
    },
    {
      name: 'Authorizer',
      what: 'the authorizer',
      source: 'aws.lambda',
      subject: { functionName: [authorizer.name, authorizer.arn] },
    },
    ...webAclSubjects(watched),
    ...(table
      ? [
          {
            name: 'KeyTable',
            what: 'the key table',
            source: 'aws.dynamodb',
            subject: { tableName: [table.name, table.arn], resourceArn: [table.arn] },
          },
        ]
      : []),
    {
      name: 'Secrets',
      what: 'the secrets',
      source: 'aws.secretsmanager',
      subject: { secretId: secrets.flatMap(({ name, arn }) => [name, arn]) },
      writers: watched.secretWriters,
    },
    ...pages('Logs', logGroups, GROUPS_IN_A_RULE, (names) => ({
      what: 'the log settings',
      source: 'aws.logs',
      // streams are created all day by whoever writes
      events: ['Put', 'Delete', 'Associate', 'Disassociate'],
      subject: { logGroupName: names, logGroupIdentifier: names.map((name) => ({ suffix: name })) },
    })),
  ];
}

function webAclSubjects({
  webAclArn,
  webAclId,
  stageArn,
  ipSetIds,
  ipSetWriters,
}: ChangeWatched): ChangeSubject[] {
  return [
    {
      name: 'WebAcl',
      what: 'the web ACL',
      source: 'aws.wafv2',
      subject: {
        ...(webAclId !== undefined && { id: [webAclId] }),
        resourceArn: [webAclArn, stageArn],
        'loggingConfiguration.resourceArn': [webAclArn],
      },
    },
    ...pages('IpSets', ipSetIds, IDS_IN_A_RULE, (id) => ({
      what: 'the IP sets',
      source: 'aws.wafv2',
      subject: { id },
      writers: ipSetWriters,
    })),
  ];
}

/** As many rules as it takes. */
function pages(
  name: string,
  all: readonly string[],
  size: number,
  subjectOf: (some: readonly string[]) => Omit<ChangeSubject, 'name'>,
): ChangeSubject[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, page) => ({
    name: page === 0 ? name : `${name}${page + 1}`,
    ...subjectOf(all.slice(page * size, (page + 1) * size)),
  }));
}
