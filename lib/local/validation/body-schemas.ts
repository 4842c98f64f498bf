import type { Ajv as AjvType, ValidateFunction } from 'ajv';
import type { MethodModel } from '../model/api';
import { requirePeer } from '../optional-peer';
import { isObject, type Json } from '../template/read';

/** Answers whether a value is valid: undefined if so, else what is wrong. */
export type BodyCheck = (value: unknown) => string | undefined;

/** Compiles a method's request models, JSON Schema draft 4, and keeps them. */
export class BodySchemas {
  private readonly ajv: AjvType;
  private readonly checks = new WeakMap<object, BodyCheck>();
  private readonly definitions: Json;

  constructor(schemas: Json) {
    const { default: Ajv } = requirePeer<{ default: new (options: object) => AjvType }>('ajv-draft-04');
    // `format` is not checked: whether API Gateway does is not known (aws-facts 4.10, 4.11)
    this.ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, logger: false });
    this.definitions = Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [name, localReferences(schema)]),
    );
  }

  /** The check of a request with this media type; undefined where API Gateway has none (aws-facts 4.2). */
  public checkFor({ requestModels }: MethodModel, mediaType: string): BodyCheck | undefined {
    const schema = requestModels[mediaType] ?? requestModels['$default'];
    if (!isObject(schema)) return undefined;

    const known = this.checks.get(schema);
    if (known) return known;

    const check = this.compile(schema);
    this.checks.set(schema, check);
    return check;
  }

  public compile(schema: Json): BodyCheck {
    const whole = { allOf: [localReferences(schema)], definitions: this.definitions };
    const validate = this.ajv.compile(whole);
    return (value) => (validate(value) ? undefined : describe(validate.errors));
  }
}

/** References to components and to models by address, made references into `definitions`. */
function localReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(localReferences);
  if (!isObject(value)) return value;

  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === '$ref' && typeof item === 'string' ? localReference(item) : localReferences(item),
    ]),
  );
}

function localReference(reference: string): string {
  const name =
    /^#\/components\/schemas\/(.+)$/.exec(reference)?.[1] ??
    /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/(.+)$/.exec(reference)?.[1];
  return name ? `#/definitions/${name}` : reference;
}

function describe(errors: ValidateFunction['errors']): string {
  const texts = (errors ?? []).map(({ instancePath, message }) => `${instancePath || 'object'} ${message}`);
  return `[${texts.join(', ')}]`;
}
