/**
 * Something of your own that no log may show.
 */
export interface DataPattern {
  /**
   * Shown in place of the match in findings: 1 to 128 letters, digits, `_` and `-`.
   */
  readonly name: string;

  /**
   * Regular expression of at most 200 characters. CloudWatch Logs takes letters, digits, space and
   * `_ # = @ / ; , - ^ $ ? [ ] { } | \ * + .`; no parentheses, colons or quotes. Others are
   * written by their codes, `%` as `\x25`.
   */
  readonly expression: string;
}
