import { ArnFormat, Aws, CfnElement, Stack, Token } from 'aws-cdk-lib';
import type { CfnStage } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnIPSet } from 'aws-cdk-lib/aws-wafv2';
import type { Construct, IConstruct } from 'constructs';
import type { Named } from './audit/change-pattern';
import type { ChangeWatched } from './audit/change-subjects';
import type { TrailExport } from './audit/trail-export';
import type { Domain } from './edge/domain';
import { type IWebAcl, WebAcl } from './edge/web-acl';
import type { GatewayAuthorizer } from './gateway-authorizer';
import type { GatewayIdentity } from './gateway-identity';
import type { UsagePlans } from './traffic/usage-plans';

/** Parts of a gateway that somebody could change past its template. */
export interface ChangeableParts {
  readonly apiId: string;
  readonly stage: CfnStage;
  readonly authorizer: GatewayAuthorizer;
  readonly identity: GatewayIdentity;
  readonly plans: UsagePlans;
  readonly webAcl: IWebAcl;
  readonly domain?: Domain;
  readonly logGroups: readonly ILogGroup[];
  readonly trail?: TrailExport;
}

/** The same parts, by the names that calls to AWS give them. */
export function changesOf(scope: Construct, parts: ChangeableParts): ChangeWatched {
  const { apiId, stage, authorizer, identity, plans, webAcl, domain, logGroups, trail } = parts;
  const { region } = Stack.of(scope);
  const { handler } = authorizer.authorizer;
  const { signingKey } = identity;
  const secrets = [signingKey.secret, ...authorizer.secrets];

  return {
    apiId,
    stageArn: `arn:${Aws.PARTITION}:apigateway:${region}::/restapis/${apiId}/stages/${stage.ref}`,
    ...(domain && { domainName: domain.domainName }),
    usagePlanIds: Object.values(plans.plans).map(({ ref }) => ref),
    authorizer: handler.functionName,
    webAclArn: webAcl.webAclArn,
    ...webAclParts(webAcl),
    ...(authorizer.table && { table: { name: authorizer.table.tableName, arn: authorizer.table.tableArn } }),
    secrets: secrets.map(namesOf),
    secretWriters: rolesOf(signingKey.rotationFunction),
    logGroups: logGroups.map(({ logGroupName }) => logGroupName),
    longest: {
      table: authorizer.table ? lengthOf(authorizer.table.tableName, authorizer.table) : 0,
      secret: longestOf(secrets.map((secret) => lengthOf(secret.secretName, secret))),
      logGroup: longestOf(logGroups.map((group) => lengthOf(group.logGroupName, group))),
    },
    ...(trail?.archive && { archive: archiveOf(trail.archive) }),
    ...(trail?.stream && { stream: trail.stream.deliveryStreamName }),
  };
}

/** What CloudFormation adds to the name of a stack and a logical id. */
const RANDOM_LENGTH = 14;
const LONGEST_STACK_NAME = 128;

/** Of a name that is known at deployment only: what CloudFormation makes it of, or what names usually have. */
function lengthOf(name: string, { node }: IConstruct): number {
  if (!Token.isUnresolved(name)) return name.length;
  if (!CfnElement.isCfnElement(node.defaultChild)) return 100;

  const stack = Stack.of(node.defaultChild);
  const { stackName } = stack;
  const stackLength = Token.isUnresolved(stackName) ? LONGEST_STACK_NAME : stackName.length;
  return stackLength + stack.getLogicalId(node.defaultChild).length + RANDOM_LENGTH;
}

function longestOf(lengths: readonly number[]): number {
  return Math.max(0, ...lengths);
}

/** Secrets Manager takes a name, an ARN, and an ARN without the characters it adds to each. */
function namesOf(secret: ISecret): Named[] {
  const { secretName, secretArn, secretFullArn, env } = secret;
  if (secretFullArn === undefined) return [secretName, secretArn, { prefix: `${secretArn}-` }];

  const partial = Stack.of(secret).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: secretName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    region: env.region,
    account: env.account,
  });
  return [secretName, secretFullArn, partial];
}

function archiveOf({ bucketName, encryptionKey }: IBucket): ChangeWatched['archive'] {
  const key = encryptionKey && { id: encryptionKey.keyId, arn: encryptionKey.keyArn };
  return { bucket: bucketName, ...(key && { key }) };
}

/** Of one that is defined elsewhere nothing but its ARN is known. */
function webAclParts(webAcl: IWebAcl): Pick<ChangeWatched, 'webAclId' | 'ipSetIds' | 'ipSetWriters'> {
  if (!(webAcl instanceof WebAcl)) return { ipSetIds: [], ipSetWriters: [] };

  return {
    webAclId: webAcl._id,
    ipSetIds: webAcl.node.findAll().flatMap((child) => (CfnIPSet.isCfnIPSet(child) ? [child.attrId] : [])),
    ipSetWriters: rolesOf(webAcl.threatFeedFunction),
  };
}

function rolesOf(writer: IFunction | undefined): string[] {
  return writer?.role ? [writer.role.roleArn] : [];
}
