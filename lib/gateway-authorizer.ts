import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { DEFAULT_REVOKE_WITHIN, oneTable } from './gateway-configuration';
import { defineLimits } from './gateway-limits';
import { mutualTlsConfiguration } from './gateway-mutual-tls';
import type { SecureApiGatewayProps } from './gateway-props';
import { Authorizer } from './identity/authorizer';
import type { SigningKey } from './identity/signing-key';
import type { SchemeConfiguration } from './protocol/authorizer-configuration';
import type { Policy } from './protocol/policy';
import { looksUpTenants, UnknownTenant } from './traffic/unknown-tenant';
import { planKeysOf } from './traffic/usage-plans';

export interface AuthorizerSurroundings {
  readonly logGroup: ILogGroup;
  readonly signingKey: SigningKey;
}

export interface GatewayAuthorizer {
  readonly authorizer: Authorizer;
  readonly schemes: readonly SchemeConfiguration[];
  /** Of API keys, tenants and revoked certificates. */
  readonly table?: ITable;
  /** What it reads beside the signing key. */
  readonly secrets: readonly ISecret[];
}

/** The authorizer, knowing how each scheme of the document is verified and which plans there are. */
export function defineAuthorizer(
  scope: Construct,
  props: SecureApiGatewayProps,
  policy: Policy,
  { logGroup, signingKey }: AuthorizerSurroundings,
): GatewayAuthorizer {
  const { authentication, tiers = {}, revokeWithin = DEFAULT_REVOKE_WITHIN, authorizer } = props;
  const mutualTls = props.domain?.mutualTls;
  const bindings = Object.entries(authentication).map(([name, one]) => ({
    name,
    ...one._bind(name, `${scope.node.path}: authentication.${name}`),
  }));
  const table = oneTable(scope.node.path, [
    ...bindings.map((binding) => binding.table),
    props.tenants?.table,
    mutualTls?.revocations?.table,
  ]);
  const schemes = bindings.map(({ configuration }) => configuration);
  const hasApiKeys = schemes.some(({ kind }) => kind === 'apiKey');
  const limits = defineLimits(scope, props.limits, policy, hasApiKeys);
  const tenants = looksUpTenants(props, schemes, table) && (props.onUnknownTenant ?? UnknownTenant.refuse());

  const construct = new Authorizer(scope, 'Authorizer', {
    ...authorizer,
    policy,
    logGroup,
    files: Object.assign({}, ...bindings.map(({ files }) => files)) as Readonly<Record<string, string>>,
    configuration: {
      schemes: Object.fromEntries(bindings.map(({ name, configuration }) => [name, configuration])),
      planKeys: planKeysOf(scope, Object.keys(tiers)),
      revokeWithinSeconds: revokeWithin.toSeconds(),
      ...(table && { table: table.tableName }),
      ...(tenants && { tenants: tenants._configuration() }),
      ...(mutualTls && { mutualTls: mutualTlsConfiguration(mutualTls) }),
      ...(limits && { limits: limits.configuration }),
      signing: { issuer: props.identityIssuer ?? scope.node.path, secretArn: signingKey.secretArn },
    },
    ...(limits?.network && { network: limits.network }),
  });
  for (const { grant } of bindings) grant(construct.handler);
  props.tenants?.grantRead(construct.handler);
  mutualTls?.revocations?.grantRead(construct.handler);
  limits?.grant(construct.handler);
  signingKey.grantSign(construct.handler);
  return {
    authorizer: construct,
    schemes,
    ...(table && { table }),
    secrets: bindings.flatMap(({ secrets }) => secrets),
  };
}
