import { Token } from 'aws-cdk-lib';
import type { Problem } from './errors';

/**
 * When an API ends.
 */
export interface Deprecation {
  /**
   * Since when it should not be used any more (RFC 9745), for example `2026-06-30`.
   */
  readonly since: string;

  /**
   * When it stops to answer (RFC 8594), for example `2027-06-30`.
   *
   * @default - not decided
   */
  readonly sunset?: string;

  /**
   * Where to read what to use instead.
   *
   * @default - nowhere
   */
  readonly link?: string;
}

/** Headers of RFC 9745 and RFC 8594. */
export function deprecationHeaders(deprecation: Deprecation | undefined): Readonly<Record<string, string>> {
  if (!deprecation) return {};

  const { since, sunset, link } = deprecation;
  return {
    Deprecation: `@${new Date(since).getTime() / 1000}`,
    ...(sunset && { Sunset: new Date(sunset).toUTCString() }),
    ...(link && { Link: `<${link}>; rel="deprecation"` }),
  };
}

export function deprecationProblems(at: string, deprecation: Deprecation | undefined): Problem[] {
  if (!deprecation) return [];

  const { since, sunset = since, link } = deprecation;
  const problems: Problem[] = [];
  const dates = [since, sunset].map((date) => new Date(date).getTime());
  if (dates.some(Number.isNaN)) {
    problems.push({
      code: 'DEPRECATION_DATE',
      at,
      message: `'since' and 'sunset' must be dates, got ${JSON.stringify({ since, sunset: deprecation.sunset })}`,
      remedy: "write for example '2026-06-30'",
    });
  } else if ((dates[1] ?? 0) < (dates[0] ?? 0)) {
    problems.push({
      code: 'DEPRECATION_ORDER',
      at,
      message: `the API ends on ${sunset}, before it is deprecated on ${since}`,
      remedy: "let 'sunset' come after 'since'",
    });
  }
  if (link !== undefined && (Token.isUnresolved(link) || !/^https:\/\/[^\s<>'"]+$/.test(link))) {
    problems.push({
      code: 'DEPRECATION_LINK',
      at,
      message: `'link' must be an https address, got ${JSON.stringify(link)}`,
      remedy: 'it stands in a header, between angle brackets and apostrophes',
    });
  }
  return problems;
}
