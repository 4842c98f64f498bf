import type { RE2JS } from 're2js';
import { requirePeer } from '../../optional-peer';
import { type Json, listOf, numberOf, objectOf, textOf } from '../../template/read';
import { type Compilation, invalid, type Matcher, notRun } from '../evaluation';
import { MAXIMUM_PATTERN } from '../quotas';
import { inspect } from './inspect';

const COMPARISONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  EQ: (left, right) => left === right,
  NE: (left, right) => left !== right,
  LE: (left, right) => left <= right,
  LT: (left, right) => left < right,
  GE: (left, right) => left >= right,
  GT: (left, right) => left > right,
};

const isWordByte = (bytes: string, index: number) => /[A-Za-z0-9_]/.test(bytes.charAt(index));

const POSITIONS: Readonly<Record<string, (bytes: string, search: string) => boolean>> = {
  EXACTLY: (bytes, search) => bytes === search,
  STARTS_WITH: (bytes, search) => bytes.startsWith(search),
  ENDS_WITH: (bytes, search) => bytes.endsWith(search),
  CONTAINS: (bytes, search) => bytes.includes(search),
  CONTAINS_WORD: (bytes, search) => {
    for (let at = bytes.indexOf(search); at >= 0; at = bytes.indexOf(search, at + 1)) {
      if (!isWordByte(bytes, at - 1) && !isWordByte(bytes, at + search.length)) return true;
    }
    return false;
  },
};

/** Bytes at a place of a field. */
export function byteMatch(statement: Json, compilation: Compilation): Matcher {
  const { SearchString, SearchStringBase64, PositionalConstraint } = statement;
  const search =
    typeof SearchString === 'string'
      ? Buffer.from(SearchString, 'utf8').toString('latin1')
      : Buffer.from(textOf(SearchStringBase64) ?? '', 'base64').toString('latin1');
  const compare = POSITIONS[textOf(PositionalConstraint) ?? ''];
  if (!compare || search === '') {
    return invalid(compilation, 'a byte match needs a search string and a known position', 'give both');
  }

  return inspect(statement, compilation, (bytes) => compare(bytes, search));
}

/** The length of a field. */
export function sizeConstraint(statement: Json, compilation: Compilation): Matcher {
  const compare = COMPARISONS[textOf(statement['ComparisonOperator']) ?? ''];
  const size = numberOf(statement['Size']);
  if (!compare || size === undefined || size < 0) {
    return invalid(compilation, 'a size constraint needs a comparison and a size', 'give both');
  }

  return inspect(statement, compilation, (bytes) => compare(bytes.length, size));
}

/** A regular expression found in a field. */
export function regexMatch(statement: Json, compilation: Compilation): Matcher {
  return expressions([textOf(statement['RegexString']) ?? ''], statement, compilation);
}

/** One of a set of regular expressions found in a field. */
export function regexPatternSet(statement: Json, compilation: Compilation): Matcher {
  const arn = textOf(statement['ARN']) ?? textOf(statement['Arn']) ?? '';
  const set = compilation.resource(arn);
  if (!set) return notRun(compilation, `regex pattern set ${arn}`);
  const patterns = listOf(set['RegularExpressionList']).map((pattern) =>
    typeof pattern === 'string' ? pattern : (textOf(objectOf(pattern)['RegexString']) ?? ''),
  );

  return expressions(patterns, statement, compilation);
}

/**
 * Runs expressions in an engine of linear time, so that no expression and no request can stall the gateway. It
 * lacks what AWS lacks too: references back, and looking ahead or behind.
 */
function expressions(patterns: readonly string[], statement: Json, compilation: Compilation): Matcher {
  const engine = requirePeer<{ readonly RE2JS: typeof RE2JS }>('re2js').RE2JS;
  const compiled: RE2JS[] = [];
  for (const pattern of patterns) {
    if (pattern.length > MAXIMUM_PATTERN) {
      return invalid(
        compilation,
        `AWS WAF takes regular expressions of at most ${MAXIMUM_PATTERN} characters, got ${pattern.length}`,
        'share it out among statements',
      );
    }
    try {
      // what is compared is bytes
      compiled.push(engine.compile(Buffer.from(pattern, 'utf8').toString('latin1')));
    } catch (error) {
      return invalid(
        compilation,
        `AWS WAF does not take the regular expression ${JSON.stringify(pattern)}: ${error}`,
        'leave out references and assertions other than ^, $ and \\b',
      );
    }
  }

  return inspect(statement, compilation, (bytes) => compiled.some((expression) => expression.test(bytes)));
}
