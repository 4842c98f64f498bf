import { isObject, textOf } from '../template/read';
import type { TemplateResolver } from '../template/resolver';

/** What of the logs leaves them, by the subscription filters of the template. */
export interface Subscriptions {
  /** Whether a line of this group is handed on. */
  handsOn(logGroup: string, line: string): boolean;
  /** Filters whose pattern is not understood here, and which hand nothing on. */
  readonly notRun: readonly string[];
}

type Matches = (line: string) => boolean;

/** Reads the filter of every log group. */
export function readSubscriptions(resolver: TemplateResolver): Subscriptions {
  const filters: { readonly logGroup: string; readonly matches: Matches }[] = [];
  const notRun: string[] = [];
  for (const id of resolver.idsOf('AWS::Logs::SubscriptionFilter')) {
    const { LogGroupName, FilterPattern } = resolver.properties(id);
    const pattern = textOf(FilterPattern) ?? '';
    const matches = readPattern(pattern);
    if (matches) filters.push({ logGroup: textOf(LogGroupName) ?? '', matches });
    else notRun.push(`subscription filter ${id}, whose pattern is ${pattern}`);
  }
  return {
    notRun,
    handsOn: (logGroup, line) =>
      filters.some((filter) => filter.logGroup === logGroup && filter.matches(line)),
  };
}

/** Everything, or one member of a JSON object: that it is there, or is this text. */
function readPattern(pattern: string): Matches | undefined {
  if (pattern === '') return () => true;

  const [, selector, text] = /^\{ \$\.([\w.-]+) = "([^"*]*|\*)" \}$/.exec(pattern) ?? [];
  if (selector === undefined) return undefined;
  return (line) => {
    const value = memberAt(line, selector.split('.'));
    return text === '*' ? value !== undefined && value !== null : value === text;
  };
}

function memberAt(line: string, path: readonly string[]): unknown {
  try {
    return path.reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), JSON.parse(line));
  } catch {
    return undefined;
  }
}
