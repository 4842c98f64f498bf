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
  readonly #values: unknown[] = [];

  constructor(body: unknown) {
    const indices = new Map<unknown, number>();
    const mark = Math.random().toString(36).slice(2);
    this.#slot = (index) => `"${mark}:${index}"`;
    this.#text = JSON.stringify(body, (_key, value: unknown) => {
      if (!Token.isUnresolved(value)) return value;
      const index = indices.get(value) ?? this.#values.push(value) - 1;
      indices.set(value, index);
      return `${mark}:${index}`;
    });
  }

  readonly #slot: (index: number) => string;

  public resolve(context: IResolveContext): unknown {
    context.registerPostProcessor(this);
    return this.#values;
  }

  /** A fresh copy each time: property overrides are merged into what is returned. */
  public postProcess(values: unknown[]): unknown {
    const text = values.reduce<string>(
      (result, value, index) => result.replaceAll(this.#slot(index), JSON.stringify(value)),
      this.#text,
    );
    return JSON.parse(text);
  }

  public toString(): string {
    return Token.asString(this);
  }

  public toJSON(): unknown {
    return '<unresolved-body>';
  }
}
