import type { Problem } from '../errors';
import type { DocumentSource, Sourced } from './source';

/**
 * How much a finding matters. Ordered: a gateway set to fail on warnings fails on errors too.
 */
export enum FindingSeverity {
  /** Good to know: something was done for you, or is the service's to check. */
  INFO = 'info',
  /** The gateway holds less than the document says, or the document says less than it should. */
  WARNING = 'warning',
  /** Deploys, but hardly as intended. */
  ERROR = 'error',
}

/**
 * Something true of the document that a person should know of; it does not stop synthesis by itself.
 */
export interface Finding {
  /** Stable identifier. */
  readonly code: string;
  readonly severity: FindingSeverity;
  /** `file:line:column`. */
  readonly at: string;
  /** The file `pointer` counts in. What an overlay wrote stands in the file it changed, though `at` names the overlay. */
  readonly file: string;
  /** JSON Pointer within the file. */
  readonly pointer: string;
  /** `METHOD path`, where it belongs to one operation. */
  readonly operation?: string;
  readonly message: string;
  readonly remedy: string;
  /** Row of aws-facts behind it, for example `4.2`. */
  readonly fact?: string;
}

type Place = Pick<Sourced, 'file' | 'pointer'>;

/** Collects what the passes find; one report for the whole compilation. */
export class Report {
  public readonly problems: Problem[] = [];
  public readonly findings: Finding[] = [];

  private readonly known = new Set<string>();

  constructor(private readonly source: DocumentSource) {}

  /**
   * Something the user must change; compilation fails once every pass has run. What a thousand operations inherit is
   * said once.
   */
  public problem(code: string, { file, pointer }: Place, message: string, remedy: string): void {
    if (this.isKnown([code, file, pointer, message, remedy])) return;
    this.problems.push({ code, at: this.source.locate({ file, pointer }), message, remedy });
  }

  /** Something a person should know. What was said of a place is not said again. */
  public finding(place: Place, finding: Omit<Finding, 'at' | 'file' | 'pointer'>): void {
    const { code, operation = '', message } = finding;
    if (this.isKnown([code, place.file, place.pointer, operation, message])) return;
    const { source } = this;
    const { file, pointer } = place;
    // of a thousand findings twenty are shown
    this.findings.push({
      ...finding,
      get at() {
        return source.locate({ file, pointer });
      },
      file,
      pointer,
    });
  }

  private isKnown(said: readonly string[]): boolean {
    const key = said.join('\n');
    if (this.known.has(key)) return true;
    this.known.add(key);
    return false;
  }
}
