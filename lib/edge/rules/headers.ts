import { reservedHeaderPattern } from '../../protocol/identity-headers';
import type { RuleContext, RuleDraft } from '../rule-draft';
import { HEADER_NAMES, header, longerThan, matches, not } from '../statement';

/** Headers that ask for another method than the request is sent with; frameworks behind us may obey. */
const METHOD_OVERRIDES = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'];

/** A caller may not send what the backend takes for our word, under no spelling of the name. */
export function reservedHeaders({ settings }: RuleContext): RuleDraft[] {
  return [named(reservedHeaderPattern(settings.reservedHeaders))];
}

/** What was authorized is the method of the request line. */
export function methodOverride(): RuleDraft[] {
  return [named(reservedHeaderPattern(METHOD_OVERRIDES))];
}

/** Counted, not refused: some honest programs send none. */
export function noUserAgent(): RuleDraft[] {
  return [{ statement: not(longerThan(header('user-agent'), 0)) }];
}

function named(pattern: string): RuleDraft {
  return { statement: matches(HEADER_NAMES, pattern, 'LOWERCASE') };
}
