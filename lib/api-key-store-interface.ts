import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';

/**
 * A store of API keys, tenants and revoked certificates, as the authorizer reads it.
 */
export interface IApiKeyStore {
  /**
   * Table that holds keys (by their hash), tenants and revoked certificates.
   */
  readonly table: dynamodb.ITable;

  /**
   * First part of every key, for example `sk`.
   */
  readonly prefix: string;

  /**
   * Second part of every key, for example `live`.
   */
  readonly environment: string;

  /**
   * Lets `grantee` look up single items.
   *
   * @param grantee Whom to let.
   */
  grantRead(grantee: iam.IGrantable): iam.Grant;
}
