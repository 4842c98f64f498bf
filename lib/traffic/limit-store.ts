import { Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { Problem } from '../errors';
import type { LimitStoreConfiguration } from '../protocol/limits';
import { LimitTable } from './limit-table';

/**
 * Options for `LimitStore.redis()`.
 */
export interface RedisLimitStoreOptions {
  /**
   * Name of the server: the endpoint's address of an ElastiCache cache.
   */
  readonly host: string;

  /**
   * Its port.
   *
   * @default 6379
   */
  readonly port?: number;

  /**
   * Network the server is in. The authorizer's function is placed in it.
   */
  readonly vpc: ec2.IVpc;

  /**
   * Subnets for the authorizer's function. From them it must reach the issuers of tokens and AWS's services: through
   * a NAT gateway, or by VPC endpoints where no issuer is asked.
   *
   * @default - private subnets with a way out
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Security group of the server. The function is let in to it.
   */
  readonly securityGroup: ec2.ISecurityGroup;

  /**
   * Secret with `username` and `password` in its JSON.
   *
   * @default - the server asks for none
   */
  readonly credentials?: secretsmanager.ISecret;

  /**
   * Speaks to the server without TLS: whoever stands on the way may read the password and change what is counted.
   *
   * @default false
   */
  readonly allowPlainText?: boolean;
}

/** A store taken apart: what the authorizer needs for it. */
export interface LimitStoreBinding {
  readonly configuration: LimitStoreConfiguration;
  readonly grant: (grantee: iam.IGrantable) => void;
  /** Where the authorizer's function must be. */
  readonly network?: LimitStoreNetwork;
}

export interface LimitStoreNetwork {
  readonly vpc: ec2.IVpc;
  readonly vpcSubnets?: ec2.SubnetSelection;
  readonly server: { readonly securityGroup: ec2.ISecurityGroup; readonly port: number };
}

/**
 * Where exact limits are counted, for all instances of the authorizer together.
 *
 * @example
 *
 * LimitStore.redis({
 *   host: cache.attrEndpointAddress,
 *   port: Token.asNumber(cache.attrEndpointPort),
 *   vpc,
 *   securityGroup,
 * });
 */
export abstract class LimitStore {
  /**
   * A DynamoDB table, which is defined with the gateway: two writes a request at most, and no servers.
   *
   * DynamoDB takes 1,000 writes a second of one item. A limit that lets one caller do more, or half of which is more
   * than that at once, is not exact with it: what is throttled counts as a failure of the store. Take `redis()`.
   */
  public static dynamoDb(): LimitStore {
    return new DynamoDbStore();
  }

  /**
   * ElastiCache Serverless for Valkey, or any Redis or Valkey whose one endpoint answers for all keys: quicker and,
   * from some hundred requests a second on, cheaper. The authorizer's function moves into its VPC.
   *
   * @param options Where it is and how one speaks to it.
   */
  public static redis(options: RedisLimitStoreOptions): LimitStore {
    return new RedisStore(options);
  }

  /** @internal */
  public abstract _problems(at: string): Problem[];

  /** @internal */
  public abstract _bind(scope: Construct): LimitStoreBinding;
}

class DynamoDbStore extends LimitStore {
  public override _problems(): Problem[] {
    return [];
  }

  public override _bind(scope: Construct): LimitStoreBinding {
    const { table } = new LimitTable(scope, 'Limits');
    return {
      configuration: { kind: 'dynamodb', table: table.tableName },
      grant: (grantee) => table.grant(grantee, 'dynamodb:GetItem', 'dynamodb:UpdateItem'),
    };
  }
}

class RedisStore extends LimitStore {
  constructor(private readonly options: RedisLimitStoreOptions) {
    super();
  }

  public override _problems(at: string): Problem[] {
    const { host, port = 6379 } = this.options;
    const isHost = Token.isUnresolved(host) || /^[\w.-]+$/.test(host) || /^[\da-f:]+$/i.test(host);
    const isPort = Token.isUnresolved(port) || (Number.isInteger(port) && port > 0 && port < 65_536);
    return [
      ...(isHost
        ? []
        : [
            {
              code: 'LIMIT_STORE_HOST',
              at,
              message: `'host' must be a name or an address, got ${JSON.stringify(host)}`,
              remedy: 'leave out scheme, port and credentials: they have options of their own',
            },
          ]),
      ...(isPort
        ? []
        : [
            {
              code: 'LIMIT_STORE_PORT',
              at,
              message: `'port' must be a port, got ${port}`,
              remedy: 'write a whole number from 1 to 65535',
            },
          ]),
    ];
  }

  public override _bind(): LimitStoreBinding {
    const { host, port = 6379, vpc, vpcSubnets, securityGroup, credentials, allowPlainText } = this.options;
    return {
      configuration: {
        kind: 'redis',
        host,
        port,
        tls: !allowPlainText,
        ...(credentials && { secretArn: credentials.secretArn }),
      },
      grant: (grantee) => credentials?.grantRead(grantee),
      network: { vpc, ...(vpcSubnets && { vpcSubnets }), server: { securityGroup, port } },
    };
  }
}
