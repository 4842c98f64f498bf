import type { Problem } from '../errors';
import type { AuthorizerConfiguration, SchemeConfiguration } from '../protocol/authorizer-configuration';

/**
 * What becomes of callers whose token names a tenant that is not in the store, or none.
 */
export class UnknownTenant {
  /** They are refused with 403. */
  public static refuse(): UnknownTenant {
    return new UnknownTenant(undefined);
  }

  /**
   * They are counted under a tier, all of them together.
   *
   * @param name Name of one of the gateway's tiers.
   */
  public static tier(name: string): UnknownTenant {
    return new UnknownTenant(name);
  }

  private constructor(private readonly name: string | undefined) {}

  /** @internal */
  public _configuration(): NonNullable<AuthorizerConfiguration['tenants']> {
    return this.name === undefined ? {} : { unknownTier: this.name };
  }

  /** @internal */
  public _problems(at: string, tiers: readonly string[]): Problem[] {
    if (this.name === undefined || tiers.includes(this.name)) return [];
    return [
      {
        code: 'UNKNOWN_TIER',
        at,
        message: `there is no tier ${JSON.stringify(this.name)}, but ${JSON.stringify(tiers)}`,
        remedy: "name one of 'tiers'",
      },
    ];
  }
}

/** Whether tenants are looked up: there are tiers to be in, a table to look in, and tokens that name a tenant. */
export function looksUpTenants(
  { tiers = {} }: { readonly tiers?: Readonly<Record<string, unknown>> },
  schemes: readonly SchemeConfiguration[],
  table: unknown,
): boolean {
  const namesTenant = (scheme: SchemeConfiguration) =>
    'tenantClaim' in scheme && scheme.tenantClaim !== undefined;
  return Object.keys(tiers).length > 0 && table !== undefined && schemes.some(namesTenant);
}
