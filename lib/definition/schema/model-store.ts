import { type Draft4, isAnything } from './draft4';
import { requireKnownKeywords, schemasUnder } from './keywords';

const PREFIX = '#/components/schemas/';

/** Schemas by name, equal ones once; those that turn out to be used in one place only are put there. */
export class ModelStore {
  readonly #models = new Map<string, Draft4>();
  readonly #names = new Map<string, string>();
  readonly #roots = new Set<string>();
  readonly #taken = new Set<string>();

  /** A name that no model has, made of letters and digits only, as API Gateway wants them (4.10). */
  public reserve(hint: string): string {
    const stem =
      hint
        .replaceAll(/[^A-Za-z0-9]/g, '')
        .replace(/^[0-9]+/, '')
        .slice(0, 80) || 'Model';
    let name = stem;
    for (let count = 2; this.#taken.has(name.toLowerCase()); count++) name = `${stem}${count}`;
    this.#taken.add(name.toLowerCase());
    return name;
  }

  /** Gives back a name that was not used. */
  public release(name: string): void {
    this.#taken.delete(name.toLowerCase());
    this.#models.delete(name);
  }

  /** Stores `schema` and answers a reference to it, or to the equal one that is there already. */
  public put(schema: Draft4, hint: string): Draft4 {
    const text = JSON.stringify(schema);
    const known = this.#names.get(text);
    if (known) return reference(known);
    return this.define(this.reserve(hint), schema);
  }

  /** Stores `schema` under a name that others refer to already. */
  public define(name: string, schema: Draft4): Draft4 {
    this.#models.set(name, schema);
    this.#names.set(JSON.stringify(schema), name);
    return reference(name);
  }

  /** The name of a schema that must have one. */
  public root(schema: Draft4, hint: string): string {
    const { $ref } = schema.$ref === undefined ? this.put(schema, hint) : schema;
    const name = nameIn($ref);
    this.#roots.add(name);
    return name;
  }

  /** The schema that `schema` refers to, or itself. One whose model is not finished accepts anything, for all we know. */
  public resolved(schema: Draft4): Draft4 {
    if (schema.$ref === undefined) return schema;
    const model = this.#models.get(nameIn(schema.$ref));
    return model ? this.resolved(model) : {};
  }

  /** What an import needs: every model that a root reaches. */
  public models(emitUnproven: boolean): Record<string, Draft4> {
    const uses = this.countUses();
    const inlined = (schema: Draft4): Draft4 => {
      const name = nameIn(schema.$ref);
      const model = this.#models.get(name);
      if (model && uses.get(name) === 1 && !this.#roots.has(name)) return inlined(model);
      return mapSchemas(schema, inlined);
    };
    const kept = [...uses.keys()].filter((name) => this.#roots.has(name) || (uses.get(name) ?? 0) > 1);
    return Object.fromEntries(
      kept.sort().map((name) => {
        const model = mapSchemas(this.#models.get(name) ?? {}, inlined);
        requireKnownKeywords(model, emitUnproven);
        return [name, model];
      }),
    );
  }

  private countUses(): Map<string, number> {
    const uses = new Map<string, number>();
    const open: Draft4[] = [...this.#roots].map(reference);
    for (let schema = open.pop(); schema; schema = open.pop()) {
      if (schema.$ref === undefined) {
        open.push(...children(schema));
        continue;
      }
      const name = nameIn(schema.$ref);
      uses.set(name, (uses.get(name) ?? 0) + 1);
      const model = this.#models.get(name);
      if (model && uses.get(name) === 1) open.push(model);
    }
    return uses;
  }
}

const reference = (name: string): Draft4 => ({ $ref: PREFIX + name });

export const nameIn = ($ref: string | undefined): string => ($ref ?? '').slice(PREFIX.length);

const children = (schema: Draft4): Draft4[] =>
  Object.entries(schema).flatMap(([keyword, value]) => schemasUnder(keyword, value));

/** Whether a schema is big enough to be worth a name. */
export const isWorthNaming = (schema: Draft4): boolean =>
  schema.$ref === undefined && !isAnything(schema) && JSON.stringify(schema).length > 120;

function mapSchemas(schema: Draft4, map: (schema: Draft4) => Draft4): Draft4 {
  const entries = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    switch (keyword) {
      case 'properties':
      case 'patternProperties':
        return [
          keyword,
          Object.fromEntries(Object.entries<Draft4>(value).map(([name, child]) => [name, map(child)])),
        ];
      case 'allOf':
      case 'anyOf':
      case 'oneOf':
        return [keyword, (value as Draft4[]).map(map)];
      case 'not':
        return [keyword, map(value)];
      case 'items':
      case 'additionalItems':
      case 'additionalProperties':
        if (Array.isArray(value)) return [keyword, (value as Draft4[]).map(map)];
        return [keyword, typeof value === 'object' ? map(value) : value];
      default:
        return [keyword, value];
    }
  });
  return Object.fromEntries(entries);
}
