import { createHash } from 'node:crypto';
import { type IPostProcessor, type IResolvable, type IResolveContext, Token } from 'aws-cdk-lib';

/**
 * A large body with few tokens in it.
 *
 * The CDK looks for tokens in every string of a template, several times a synthesis, which for a thousand
 * operations costs more than the rest of it. Here they are looked for once: only the distinct values that hold
 * a token are resolved, and the result is put together around them.
 */
export class BodyToken implements IResolvable, IPostProcessor {
  public readonly creationStack: string[] = [];

  readonly #text: string;
  readonly #values: unknown[];
  /** How often each of the values stands in the text. */
  readonly #counts: number[] = [];
  #abridged = false;
  #digest?: string;

  constructor(body: unknown) {
    const indices = new Map<unknown, number>();
    const counts = this.#counts;
    this.#text = JSON.stringify(body, function (this: Readonly<Record<string, unknown>>, key) {
      // as it is, not as its toJSON has it, which for a token is no more than a name
      const value = this[key];
      if (!Token.isUnresolved(value)) return value;
      const index = indices.get(value) ?? indices.size;
      indices.set(value, index);
      counts[index] = (counts[index] ?? 0) + 1;
      return slot(index);
    });
    this.#values = [...indices.keys()];
  }

  /** Distinct values of the body that only the deployment knows. */
  public get tokens(): readonly unknown[] {
    return this.#values;
  }

  /** How many the body has in a template without indentation, given what becomes of each token. */
  public bytes(resolved: (value: unknown) => unknown): number {
    return this.#values.reduce<number>((sum, value, index) => {
      const more = bytesOf(JSON.stringify(resolved(value)) ?? '') - bytesOf(JSON.stringify(slot(index)));
      return sum + more * (this.#counts[index] ?? 0);
    }, bytesOf(this.#text));
  }

  public resolve(context: IResolveContext): unknown {
    // while references are collected only the tokens count
    if (!context.preparing) context.registerPostProcessor(this);
    return this.#values;
  }

  /** A fresh copy each time: property overrides are merged into what is returned. */
  public postProcess(values: unknown[]): unknown {
    if (this.#abridged) {
      this.#digest ??= createHash('sha256').update(this.#text).digest('hex');
      return { digest: this.#digest, values };
    }

    const texts = values.map((value) => JSON.stringify(value));
    return JSON.parse(this.#text.replace(SLOT, (unknown, index) => texts[index] ?? unknown));
  }

  /** What `render` makes of the body as its digest and resolved tokens, overrides merged into it. */
  public abridged<T>(render: () => T): T {
    this.#abridged = true;
    try {
      return render();
    } finally {
      this.#abridged = false;
    }
  }

  public toString(): string {
    return Token.asString(this);
  }

  public toJSON(): unknown {
    return '<unresolved-body>';
  }
}

/** Stands for a value in the text. A control character, which no document needs, tells it from other strings. */
function slot(index: number): string {
  return `\u0001${index}`;
}

/** A slot as JSON has it. */
const SLOT = /"\\u0001(\d+)"/g;

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
