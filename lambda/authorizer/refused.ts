/**
 * The caller is at fault. `reason` reaches the log, never the caller.
 */
abstract class Refused extends Error {
  constructor(
    public readonly reason: string,
    /** Names the credential in the log; never the credential itself. */
    public readonly credentialId?: string,
    /** What it is counted as, beside its status: numbers by the names of metrics. */
    public readonly counts?: Readonly<Record<string, number>>,
  ) {
    super(reason);
  }
}

/** No credential, or one that proves nothing: 401. */
export class Unauthenticated extends Refused {
  public override readonly name = 'Unauthenticated';
}

/** The caller is known, and may not: 403. */
export class Forbidden extends Refused {
  public override readonly name = 'Forbidden';
}
