import type { Named, Subject } from './change-pattern';

/** What of a gateway is watched for changes, by the names that calls to AWS give it. */
export interface ChangeWatched {
  readonly apiId: string;
  readonly stageArn: string;
  readonly domainName?: string;
  readonly usagePlanIds: readonly string[];
  /** Name of the function. */
  readonly authorizer: string;
  readonly webAclArn: string;
  /** None where the web ACL is defined elsewhere. */
  readonly webAclId?: string;
  readonly ipSetIds: readonly string[];
  /** Roles of functions whose task it is to write the IP sets. */
  readonly ipSetWriters: readonly string[];
  readonly table?: { readonly name: string; readonly arn: string };
  /** Characters of the longest name of each kind, once it is known. */
  readonly longest: { readonly table: number; readonly secret: number; readonly logGroup: number };
  /** Each by all its names. */
  readonly secrets: readonly (readonly Named[])[];
  /** Roles of functions whose task it is to write the secrets. */
  readonly secretWriters: readonly string[];
  readonly logGroups: readonly string[];
  /** Name of the bucket to which the trail goes, and its key. */
  readonly archive?: {
    readonly bucket: string;
    readonly key?: { readonly id: string; readonly arn: string };
  };
  /** Name of the delivery stream by which it leaves. */
  readonly stream?: string;
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

/**
 * EventBridge takes patterns of 2,048 characters, some 350 of which say what a change is, and 600 may be the user's
 * roles. An id has 36 of the rest. A log group's name stands twice, a secret's three times, twice within an ARN.
 */
const ROOM = 1_090;
const IDS_IN_A_RULE = 20;
const GROUPS_IN_A_RULE = 3;
const SECRETS_IN_A_RULE = 2;

/** Of an ARN, beside the name at its end. */
const ARN_LENGTH = 75;

/** Quotes, commas, and words such as `suffix` around a name. */
const AROUND = 20;

/** How many things of so many characters a rule has room for. */
function fitting(length: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(ROOM / length)));
}

/** One rule each, and more of them for many IP sets or log groups; none grows with the document. */
export function changeSubjects(watched: ChangeWatched): ChangeSubject[] {
  const { apiId, domainName, usagePlanIds, authorizer, secrets, logGroups, longest } = watched;
  const secretLength = 3 * (longest.secret + AROUND) + 2 * ARN_LENGTH;
  return [
    {
      name: 'Api',
      what: 'the API, its domain or its plans',
      source: 'aws.apigateway',
      subject: {
        restApiId: [apiId],
        // as its SDKs write it, and as its API does: CloudTrail's examples have none
        usagePlanId: usagePlanIds,
        usageplanId: usagePlanIds,
        ...(domainName !== undefined && { domainName: [domainName] }),
      },
    },
    {
      name: 'Authorizer',
      what: 'the authorizer',
      source: 'aws.lambda',
      // by its name, its ARN, or what Lambda takes for an ARN without its beginning
      subject: { functionName: [authorizer, { suffix: `:function:${authorizer}` }] },
    },
    ...webAclSubjects(watched),
    ...tableSubjects(watched),
    ...pages('Secrets', secrets, fitting(secretLength, SECRETS_IN_A_RULE), (some) => ({
      what: 'the secrets',
      source: 'aws.secretsmanager',
      subject: { secretId: some.flat() },
      writers: watched.secretWriters,
    })),
    {
      name: 'LoggingRole',
      what: "the account's role for logs of API Gateway, among them those",
      source: 'aws.apigateway',
      events: ['UpdateAccount'],
      subject: {},
    },
    ...pages('Logs', logGroups, fitting(2 * (longest.logGroup + AROUND), GROUPS_IN_A_RULE), (names) => ({
      what: 'the log settings',
      source: 'aws.logs',
      // streams are created all day by whoever writes
      events: ['Put', 'Delete', 'Associate', 'Disassociate'],
      subject: { logGroupName: names, logGroupIdentifier: names.map((name) => ({ suffix: name })) },
    })),
    ...archiveSubjects(watched),
  ];
}

/** Who copies the table has what is in it. A call names it in one of these ways. */
function tableSubjects({ table, longest }: ChangeWatched): ChangeSubject[] {
  if (!table) return [];
  const { name, arn } = table;
  const ways: readonly (readonly [string, readonly Named[]])[] = [
    ['tableName', [name, arn]],
    ['resourceArn', [arn]],
    ['tableArn', [arn]],
    ['sourceTableName', [name]],
    ['sourceTableArn', [arn]],
    ['backupArn', [{ prefix: `${arn}/backup/` }]],
  ];
  const size = fitting(longest.table + ARN_LENGTH + 3 * AROUND, ways.length);
  return pages('KeyTable', ways, size, (some) => ({
    what: 'the key table',
    source: 'aws.dynamodb',
    subject: Object.fromEntries(some),
  }));
}

function archiveSubjects({ archive, stream }: ChangeWatched): ChangeSubject[] {
  const { bucket, key } = archive ?? {};
  return [
    ...(bucket !== undefined
      ? [
          {
            name: 'Archive',
            what: 'the archive of the trail',
            source: 'aws.s3',
            subject: { bucketName: [bucket] },
          },
        ]
      : []),
    ...(key
      ? [
          {
            name: 'ArchiveKey',
            what: 'the key of the archive',
            source: 'aws.kms',
            // services make grants all day
            events: ['ScheduleKeyDeletion', 'DisableKey', 'PutKeyPolicy', 'DeleteImportedKeyMaterial'],
            subject: { keyId: [key.id, key.arn] },
          },
        ]
      : []),
    ...(stream !== undefined
      ? [
          {
            name: 'Stream',
            what: 'the delivery stream of the trail',
            source: 'aws.firehose',
            subject: { deliveryStreamName: [stream] },
          },
        ]
      : []),
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
function pages<T>(
  name: string,
  all: readonly T[],
  size: number,
  subjectOf: (some: readonly T[]) => Omit<ChangeSubject, 'name'>,
): ChangeSubject[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, page) => ({
    name: page === 0 ? name : `${name}${page + 1}`,
    ...subjectOf(all.slice(page * size, (page + 1) * size)),
  }));
}
