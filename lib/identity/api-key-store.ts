import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { IApiKeyStore } from '../api-key-store-interface';
import { GatewayConfigurationError, type Problem } from '../errors';
import { keyTableOutput, TENANT_INDEX, TIME_TO_LIVE } from '../protocol/key-table';
import { labelProblems, unknownLabels } from './api-key-labels';

/**
 * Properties of `ApiKeyStore`.
 */
export interface ApiKeyStoreProps {
  /**
   * First part of every key: whose it is, for the person or the scanner that finds one.
   *
   * @default 'sk'
   */
  readonly prefix?: string;

  /**
   * Second part of every key: where it is good for. A key of another environment is refused without I/O.
   *
   * @default 'live'
   */
  readonly environment?: string;

  /**
   * Encrypts the table.
   *
   * @default - a new key, rotated every year
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What becomes of the table when it is removed from the stack. With `DESTROY`, deletion protection is off too.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A store that exists already.
 */
export interface ApiKeyStoreAttributes {
  /**
   * Its table, with the key it is encrypted by, if that is customer-managed.
   */
  readonly table: dynamodb.ITable;

  /**
   * First part of every key.
   *
   * @default 'sk'
   */
  readonly prefix?: string;

  /**
   * Second part of every key.
   *
   * @default 'live'
   */
  readonly environment?: string;
}

/** What a listing by tenant shows; the hash is not among it. */
const LISTED = [
  'tier',
  'scopes',
  'roles',
  'cidrs',
  'status',
  'createdAt',
  'expiresAt',
  'replacedBy',
  'replaces',
];

/**
 * API keys by their hash, tenants and revoked certificates, in one DynamoDB table.
 *
 * A key has the form `<prefix>_<environment>_<50 characters>`; the key itself is stored nowhere. Keys are made by
 * the command line, `secure-api-gateway keys create`.
 *
 * @example
 *
 * const keys = new ApiKeyStore(this, 'Keys');
 * Authentication.apiKey({ keys });
 */
export class ApiKeyStore extends Construct implements IApiKeyStore {
  /**
   * Use a store that is defined elsewhere.
   *
   * @param scope Where to define it.
   * @param id Its id there.
   * @param attributes What it is.
   */
  public static fromTable(scope: Construct, id: string, attributes: ApiKeyStoreAttributes): IApiKeyStore {
    return new ImportedApiKeyStore(scope, id, attributes);
  }

  public readonly table: dynamodb.ITable;
  public readonly prefix: string;
  public readonly environment: string;

  /** Encrypts the table. */
  public readonly encryptionKey: kms.IKey;

  constructor(scope: Construct, id: string, props: ApiKeyStoreProps = {}) {
    super(scope, id);
    const { prefix = 'sk', environment = 'live', removalPolicy = RemovalPolicy.RETAIN } = props;
    const labels = { prefix, environment };
    requireNone([...labelProblems(this.node.path, labels), ...unknownLabels(this.node.path, labels)]);
    this.prefix = prefix;
    this.environment = environment;

    this.encryptionKey =
      props.encryptionKey ??
      new kms.Key(this, 'Key', {
        description: `Encrypts the API key store ${this.node.path}`,
        enableKeyRotation: true,
        removalPolicy,
      });
    const table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.encryptionKey,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
      timeToLiveAttribute: TIME_TO_LIVE,
      removalPolicy,
    });
    table.addGlobalSecondaryIndex({
      indexName: TENANT_INDEX,
      partitionKey: { name: 'tenant', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      projectionType: dynamodb.ProjectionType.INCLUDE,
      nonKeyAttributes: LISTED,
    });
    this.table = table;

    new CfnOutput(this, 'TableName', {
      value: table.tableName,
      description: keyTableOutput(prefix, environment),
    });
  }

  /** Single items only: whoever checks a key needs no list of them. */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return grantOneItem(this.table, grantee);
  }

  /**
   * Lets `grantee` create, change, list and revoke: what the command line does with the table. It deletes no
   * items. What `tenants` does with API Gateway's keys needs permissions of its own.
   *
   * @param grantee Whom to let.
   */
  public grantAdministration(grantee: iam.IGrantable): iam.Grant {
    return grantAdministration(this.table, grantee);
  }
}

class ImportedApiKeyStore extends Construct implements IApiKeyStore {
  public readonly table: dynamodb.ITable;
  public readonly prefix: string;
  public readonly environment: string;

  constructor(scope: Construct, id: string, attributes: ApiKeyStoreAttributes) {
    super(scope, id);
    const { table, prefix = 'sk', environment = 'live' } = attributes;
    requireNone(labelProblems(this.node.path, { prefix, environment }));
    this.table = table;
    this.prefix = prefix;
    this.environment = environment;
  }

  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return grantOneItem(this.table, grantee);
  }
}

function requireNone(problems: Problem[]): void {
  if (problems.length > 0) throw new GatewayConfigurationError(problems);
}

function grantOneItem(table: dynamodb.ITable, grantee: iam.IGrantable): iam.Grant {
  table.encryptionKey?.grantDecrypt(grantee);
  return iam.Grant.addToPrincipal({
    grantee,
    actions: ['dynamodb:GetItem'],
    resourceArns: [table.tableArn],
  });
}

const ADMINISTRATION = [
  'dynamodb:DescribeTable',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:Query',
  'dynamodb:Scan',
];

function grantAdministration(table: dynamodb.ITable, grantee: iam.IGrantable): iam.Grant {
  table.encryptionKey?.grantEncryptDecrypt(grantee);
  return iam.Grant.addToPrincipal({
    grantee,
    actions: ADMINISTRATION,
    resourceArns: [table.tableArn, `${table.tableArn}/index/${TENANT_INDEX}`],
  });
}
