import type { Construct } from 'constructs';
import { DEFAULT_REVOKE_WITHIN, oneTable } from './gateway-configuration';
import type { SecureApiGatewayProps } from './gateway-props';
import { Authorizer } from './identity/authorizer';
import type { Policy } from './protocol/policy';
import { planKeysOf } from './traffic/usage-plans';

/** The authorizer, knowing how each scheme of the document is verified and which plans there are. */
export function defineAuthorizer(
  scope: Construct,
  { authentication, tiers = {}, revokeWithin = DEFAULT_REVOKE_WITHIN, authorizer }: SecureApiGatewayProps,
  policy: Policy,
): Authorizer {
  const bindings = Object.entries(authentication).map(([name, one]) => ({
    name,
    ...one._bind(name, `${scope.node.path}: authentication.${name}`),
  }));
  const table = oneTable(
    scope.node.path,
    bindings.map((binding) => binding.table),
  );

  const construct = new Authorizer(scope, 'Authorizer', {
    ...authorizer,
    policy,
    files: Object.assign({}, ...bindings.map(({ files }) => files)) as Readonly<Record<string, string>>,
    configuration: {
      schemes: Object.fromEntries(bindings.map(({ name, configuration }) => [name, configuration])),
      planKeys: planKeysOf(scope, Object.keys(tiers)),
      revokeWithinSeconds: revokeWithin.toSeconds(),
      ...(table && { table: table.tableName }),
    },
  });
  for (const { grant } of bindings) grant(construct.handler);
  return construct;
}
