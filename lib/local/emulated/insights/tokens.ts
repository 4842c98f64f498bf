import { ServiceError } from '../service-error';

export type Token =
  | { readonly kind: 'name' | 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'sign'; readonly text: string };

const TOKEN =
  /\s+|(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<number>\d+(?:\.\d+)?[smhd]?(?![\w.@]))|(?<name>[@A-Za-z_][\w.@-]*|`[^`]+`)|(?<sign>!=|<=|>=|[=<>()[\],*|])/gy;

/** The words of a query; a sign that is not known here is refused. */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of query.matchAll(TOKEN)) {
    end = match.index + match[0].length;
    const { text, number, name, sign } = match.groups ?? {};
    if (text !== undefined) tokens.push({ kind: 'text', text: unquoted(text) });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name.replaceAll('`', '') });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
  }
  if (end < query.length) throw malformed(`near ${JSON.stringify(query.slice(end, end + 20))}`);
  return tokens;
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, '$1');
}

export function malformed(what: string): ServiceError {
  return new ServiceError('MalformedQueryException', `a query that is not run here: ${what}`);
}

/** Reads one token after another. */
export class TokenReader {
  private next = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  public get isAtEnd(): boolean {
    return this.next >= this.tokens.length;
  }

  /** Takes the next one if it is this word or sign. */
  public takes(...texts: readonly string[]): boolean {
    const token = this.tokens[this.next];
    const isIt = token !== undefined && token.kind !== 'text' && texts.includes(token.text.toLowerCase());
    if (isIt) this.next += 1;
    return isIt;
  }

  public demand(text: string): void {
    if (!this.takes(text)) throw malformed(`'${text}' was expected, got ${this.shown()}`);
  }

  public take(...kinds: readonly Token['kind'][]): string {
    const token = this.tokens[this.next];
    if (!token || !kinds.includes(token.kind))
      throw malformed(`${kinds.join(' or ')} was expected, got ${this.shown()}`);
    this.next += 1;
    return token.text;
  }

  /** As many as there are, with commas. */
  public list<T>(take: () => T): T[] {
    const items = [take()];
    while (this.takes(',')) items.push(take());
    return items;
  }

  private shown(): string {
    return JSON.stringify(this.tokens[this.next]?.text ?? 'the end');
  }
}
