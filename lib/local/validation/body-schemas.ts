import type { Ajv as AjvType, ValidateFunction } from 'ajv';
import type { MethodModel } from '../model/api';
import { requirePeer } from '../optional-peer';
import { isObject, type Json, objectOf } from '../template/read';

/** Names the schema that holds all models: each is compiled once, however many methods refer to it. */
const MODELS = 'models';

/** Answers whether a value is valid: undefined if so, else what is wrong. */
export type BodyCheck = (value: unknown) => string | undefined;

/** Compiles a method's request models, JSON Schema draft 4, and keeps them. */
export class BodySchemas {
  private readonly ajv: AjvType;
  private readonly checks = new WeakMap<object, BodyCheck>();

  constructor(schemas: Json) {
    const { default: Ajv } = requirePeer<{ default: new (options: object) => AjvType }>('ajv-draft-04');
    // `format` is not checked: whether API Gateway does is not known (aws-facts 4.10, 4.11)
    this.ajv = new Ajv({
      strict: false,
      validateFormats: false,
      validateSchema: false,
      allErrors: true,
      ownProperties: true,
      logger: false,
    });
    const models = Object.entries(schemas).map(([name, schema]) => [
      name,
      within(schema, `${MODELS}#/models/${escapePointer(name)}`),
    ]);
    this.ajv.addSchema({ models: Object.fromEntries(models) }, MODELS);
  }

  /** The check of a request with this media type; undefined where API Gateway has none (aws-facts 4.2). */
  public checkFor({ requestModels }: MethodModel, mediaType: string): BodyCheck | undefined {
    // a caller may name a media type like a property of every object
    const schema = requestModels[Object.hasOwn(requestModels, mediaType) ? mediaType : '$default'];
    if (!isObject(schema)) return undefined;

    const known = this.checks.get(schema);
    if (known) return known;

    const check = this.compile(schema);
    this.checks.set(schema, check);
    return check;
  }

  public compile(schema: Json): BodyCheck {
    const validate = this.ajv.compile(objectOf(within(schema, '#')));
    return (value) => (validate(value) ? undefined : describe(validate.errors));
  }
}

/** The schema as it reads at `base` of a larger one: references to itself and to models lead there. */
function within(value: unknown, base: string): unknown {
  if (Array.isArray(value)) return value.map((item) => within(item, base));
  if (!isObject(value)) return value;

  const refers = typeof value['$ref'] === 'string';
  // draft 4: a reference stands alone, whatever is beside it
  const kept = Object.entries(value).filter(([key]) => !refers || key === '$ref' || key === 'definitions');
  return Object.fromEntries(
    kept.map(([key, item]) => [
      key,
      key === '$ref' && typeof item === 'string' ? referenceWithin(item, base) : within(item, base),
    ]),
  );
}

function referenceWithin(reference: string, base: string): string {
  const model =
    /^#\/components\/schemas\/(.+)$/.exec(reference)?.[1] ??
    /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/(.+)$/.exec(reference)?.[1];
  if (model) return `${MODELS}#/models/${model}`;
  return reference.startsWith('#') ? base + reference.slice(1) : reference;
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function describe(errors: ValidateFunction['errors']): string {
  const texts = (errors ?? []).map(({ instancePath, message }) => `${instancePath || 'object'} ${message}`);
  return `[${texts.join(', ')}]`;
}
