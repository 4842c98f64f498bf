import { visible } from './visible';

/**
 * One thing the user must change before the gateway can be built.
 */
export interface Problem {
  /**
   * Stable identifier, for search and for tests. Never reused for another meaning.
   */
  readonly code: string;

  /**
   * Where the problem is: `file:line:column` in a document, or a construct path.
   */
  readonly at: string;

  /**
   * What is wrong and what was given, in the user's terms.
   */
  readonly message: string;

  /**
   * What to write instead.
   */
  readonly remedy: string;
}

/**
 * Thrown at synthesis when the gateway, as described, would be unsafe or would not deploy.
 *
 * All problems found are reported at once, so that one run is enough to mend them all.
 */
export class GatewayConfigurationError extends Error {
  public override readonly name = 'GatewayConfigurationError';

  /**
   * Every problem found, in the order of the document.
   */
  public readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(
      problems
        .map(({ code, at, message, remedy }) => visible(`${at}: ${message}; ${remedy} [${code}]`))
        .join('\n'),
    );
    this.problems = problems;
    // Node prints what is enumerable after the message, which has it all already
    Object.defineProperty(this, 'problems', { enumerable: false });
    // the fault is in the user's document or props, so our frames would only hide it
    this.stack = `${this.name}: ${problems.length} problem(s)\n${this.message}`;
  }
}
