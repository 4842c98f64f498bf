import { CfnIPSet } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { Networks } from './networks';
import { any, type Statement } from './statement';

/**
 * An IP set for each family: AWS has none that holds both, and a list of one family alone leaves the other
 * open or shut by accident.
 */
export class IpSetPair extends Construct {
  public readonly ipv4: CfnIPSet;
  public readonly ipv6: CfnIPSet;

  constructor(scope: Construct, id: string, networks: Networks) {
    super(scope, id);

    this.ipv4 = this.defineSet('IPv4', 'IPV4', networks.ipv4);
    this.ipv6 = this.defineSet('IPv6', 'IPV6', networks.ipv6);
  }

  /** True of callers in either set. */
  public matches(): Statement {
    return any(
      { ipSetReferenceStatement: { arn: this.ipv4.attrArn } },
      { ipSetReferenceStatement: { arn: this.ipv6.attrArn } },
    );
  }

  private defineSet(id: string, ipAddressVersion: string, addresses: readonly string[]): CfnIPSet {
    return new CfnIPSet(this, id, { scope: 'REGIONAL', ipAddressVersion, addresses: [...addresses] });
  }
}

/** The addresses of every set defined in a scope. */
export function addressesIn(scope: Construct): string[][] {
  const pairs = scope.node.children.filter((child) => child instanceof IpSetPair);

  return pairs.flatMap(({ ipv4, ipv6 }) => [ipv4.addresses, ipv6.addresses]);
}
