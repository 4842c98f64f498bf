import type { Exchange } from '../pipeline/exchange';
import type { HeaderList } from '../pipeline/header-list';

/** What a template came to: its text, and the headers it set by `$context.responseOverride`. */
export interface Outcome {
  readonly text: string;
  readonly headers: HeaderList;
}

const DIRECTIVE = /#(set|if|elseif|else|end)\b/g;
const OVERRIDE = /^\$context\.responseOverride\.header\.([\w-]+)$/;
const VARIABLE = /^\$(\w+)$/;
const TEXT = /^"([^"$#]*)"$|^'([^']*)'$/;
const HEADER = /^\$input\.params\(\)\.header\.get\(["']([\w-]+)["']\)$/;

/** Thrown where a template uses what is not run here; half of a template would answer what AWS would not. */
class NotRunHere extends Error {}

/**
 * Runs a template of `#set`, `#if`, `#elseif`, `#else` and `#end` over texts, variables and request headers: what our
 * preflights are written in. `render` answers for the text between, undefined where it cannot.
 */
export function runDirectives(
  template: string,
  exchange: Exchange,
  render: (text: string) => string | undefined,
): Outcome | undefined {
  try {
    return new Run(exchange, render).run(template);
  } catch (error) {
    if (error instanceof NotRunHere) return undefined;
    throw error;
  }
}

/** One `#if`: whether its present branch runs, and whether one has already. */
interface Branch {
  readonly outer: boolean;
  runs: boolean;
  done: boolean;
}

class Run {
  private readonly variables = new Map<string, string>();
  private readonly headers: [string, string][] = [];
  private readonly branches: Branch[] = [];
  private text = '';

  constructor(
    private readonly exchange: Exchange,
    private readonly render: (text: string) => string | undefined,
  ) {}

  public run(template: string): Outcome {
    let at = 0;
    for (const match of template.matchAll(DIRECTIVE)) {
      if (match.index < at) throw new NotRunHere();
      this.write(template.slice(at, match.index));
      at = this.directive(match[1] ?? '', template, match.index + match[0].length);
    }
    this.write(template.slice(at));
    if (this.branches.length > 0) throw new NotRunHere();
    return { text: this.text, headers: this.headers };
  }

  /** Answers where the text goes on. */
  private directive(name: string, template: string, from: number): number {
    if (name === 'else' || name === 'end') {
      this.turn(name, () => true);
      return from;
    }
    const end = closingParenthesis(template, from);
    const argument = template.slice(from + 1, end).trim();
    if (name === 'set') {
      if (this.runs) this.set(argument);
    } else {
      this.turn(name, () => this.holds(argument));
    }
    return end + 1;
  }

  private turn(name: string, condition: () => boolean): void {
    if (name === 'if') {
      const { runs: outer } = this;
      const runs = outer && condition();
      this.branches.push({ outer, runs, done: runs });
      return;
    }
    const branch = this.branches.at(-1);
    if (!branch) throw new NotRunHere();
    if (name === 'end') {
      this.branches.pop();
      return;
    }
    branch.runs = branch.outer && !branch.done && condition();
    branch.done ||= branch.runs;
  }

  private get runs(): boolean {
    return this.branches.at(-1)?.runs ?? true;
  }

  private write(text: string): void {
    if (!this.runs) return;
    const rendered = this.render(text);
    if (rendered === undefined) throw new NotRunHere();
    this.text += rendered;
  }

  private set(argument: string): void {
    const [, target = '', expression = ''] = /^(\S+)\s*=\s*(.+)$/s.exec(argument) ?? [];
    const value = this.value(expression.trim());
    // Velocity leaves a variable as it is where there is no value to give it
    if (value === undefined) return;
    const header = OVERRIDE.exec(target)?.[1];
    const variable = VARIABLE.exec(target)?.[1];
    if (header !== undefined) this.headers.push([header, value]);
    else if (variable !== undefined) this.variables.set(variable, value);
    else throw new NotRunHere();
  }

  private holds(condition: string): boolean {
    if (condition.startsWith('!$')) return (this.value(condition.slice(1)) ?? '') === '';
    const [, left, right] = /^(.+?)\s*==\s*(.+)$/.exec(condition) ?? [];
    if (left === undefined || right === undefined) throw new NotRunHere();
    const value = this.value(left);
    return value !== undefined && value === this.value(right);
  }

  private value(expression: string): string | undefined {
    const text = TEXT.exec(expression);
    if (text) return text[1] ?? text[2] ?? '';
    const variable = VARIABLE.exec(expression)?.[1];
    if (variable !== undefined) return this.variables.get(variable);
    const header = HEADER.exec(expression)?.[1];
    if (header !== undefined) return this.exchange.header(header);
    throw new NotRunHere();
  }
}

function closingParenthesis(template: string, from: number): number {
  if (template[from] !== '(') throw new NotRunHere();
  let depth = 0;
  let quote = '';
  for (let at = from; at < template.length; at += 1) {
    const character = template.charAt(at);
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '(') depth += 1;
    else if (character === ')') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  throw new NotRunHere();
}
