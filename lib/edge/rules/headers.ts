import { RESERVED_HEADERS } from '../../protocol/identity-headers';
import { escapePattern, inBothCases, MAXIMUM_PATTERN } from '../path-pattern';
import type { RuleContext, RuleDraft } from '../rule-draft';
import { anyOf, HEADER_NAMES, header, longerThan, matchesAnyCase, not } from '../statement';

/** Headers that ask for another method than the request is sent with; frameworks behind us may obey. */
const METHOD_OVERRIDES = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'];

/** Servers in the tradition of CGI treat `X_User_Id`, `X.User.Id` and `X-User-Id` as one. */
const ANY_MARK = '[\\W_]';

/** A caller may not send what the backend takes for our word, under no spelling of the name. */
export function reservedHeaders({ settings }: RuleContext): RuleDraft[] {
  return named(settings.reservedHeaders ?? RESERVED_HEADERS);
}

/** What was authorized is the method of the request line. */
export function methodOverride(): RuleDraft[] {
  return named(METHOD_OVERRIDES);
}

/** Counted, not refused: some honest programs send none. */
export function noUserAgent(): RuleDraft[] {
  return [{ statement: not(longerThan(header('user-agent'), 0)) }];
}

function named(names: readonly string[]): RuleDraft[] {
  const statement = anyOf(groupsOf(names).map((group) => matchesAnyCase(HEADER_NAMES, namesPattern(group))));

  return statement ? [{ statement }] : [];
}

/** Names that one expression has room for in both cases, in order. */
function groupsOf(names: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (const name of names) {
    const last = groups.at(-1);
    if (last && inBothCases(namesPattern([...last, name])).length <= MAXIMUM_PATTERN) last.push(name);
    else groups.push([name]);
  }

  return groups;
}

/** Names in lower case with any mark for `-`. */
function namesPattern(names: readonly string[]): string {
  return `^${branches(names.map((name) => name.toLowerCase().split('-')))}$`;
}

/** What names begin with alike stands there once. */
function branches(names: readonly (readonly string[])[]): string {
  const restsByWord = new Map<string, string[][]>();
  for (const [word = '', ...rest] of names) restsByWord.set(word, [...(restsByWord.get(word) ?? []), rest]);
  const alternatives = [...restsByWord].map(([word, rests]) => {
    const longer = rests.filter((rest) => rest.length > 0);
    if (longer.length === 0) return escapePattern(word);
    const more = `${ANY_MARK}${branches(longer)}`;
    return escapePattern(word) + (longer.length === rests.length ? more : `(${more})?`);
  });

  return alternatives.length === 1 ? alternatives.join('') : `(${alternatives.join('|')})`;
}
