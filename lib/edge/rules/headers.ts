import { reservedHeaderPattern } from '../../protocol/identity-headers';
import { MAXIMUM_PATTERN } from '../path-pattern';
import type { RuleContext, RuleDraft } from '../rule-draft';
import { anyOf, HEADER_NAMES, header, longerThan, matchesAnyCase, not } from '../statement';

/** Headers that ask for another method than the request is sent with; frameworks behind us may obey. */
const METHOD_OVERRIDES = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'];

/** A caller may not send what the backend takes for our word, under no spelling of the name. */
export function reservedHeaders({ settings }: RuleContext): RuleDraft[] {
  return named(settings.reservedHeaders);
}

/** What was authorized is the method of the request line. */
export function methodOverride(): RuleDraft[] {
  return named(METHOD_OVERRIDES);
}

/** Counted, not refused: some honest programs send none. */
export function noUserAgent(): RuleDraft[] {
  return [{ statement: not(longerThan(header('user-agent'), 0)) }];
}

function named(names: readonly string[] | undefined): RuleDraft[] {
  const patterns = names ? groupsOf(names).map(reservedHeaderPattern) : [reservedHeaderPattern()];
  const statement = anyOf(patterns.map((pattern) => matchesAnyCase(HEADER_NAMES, pattern)));

  return statement ? [{ statement }] : [];
}

/** Names that one expression has room for, in order. */
function groupsOf(names: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (const name of names) {
    const last = groups.at(-1);
    if (last && reservedHeaderPattern([...last, name]).length <= MAXIMUM_PATTERN) last.push(name);
    else groups.push([name]);
  }

  return groups;
}
