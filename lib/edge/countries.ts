/**
 * Which countries may call.
 *
 * A country is that of the caller's address, by AWS's data. Proxies move it.
 */
export class Countries {
  /**
   * These countries may call and no others; an address of no known country may not.
   *
   * @param codes ISO 3166-1 alpha-2, for example `GB`
   */
  public static only(...codes: string[]): Countries {
    return new Countries(codes, true);
  }

  /**
   * All countries may call but these.
   *
   * @param codes ISO 3166-1 alpha-2, for example `GB`
   */
  public static allBut(...codes: string[]): Countries {
    return new Countries(codes, false);
  }

  private constructor(
    /** ISO 3166-1 alpha-2. */
    public readonly codes: string[],
    /** Whether the codes are those that may call, rather than those that may not. */
    public readonly onlyThese: boolean,
  ) {}
}
