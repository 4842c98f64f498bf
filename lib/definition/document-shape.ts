/** What a part of a document must look like for the compiler to read it. */
export type Shape =
  | { readonly kind: 'text' | 'flag' | 'schema' | 'anything' }
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | { readonly kind: 'list' | 'map'; readonly of: () => Shape }
  | {
      readonly kind: 'object';
      /** Fields that are read, each with its shape. */
      readonly fields: Readonly<Record<string, () => Shape>>;
      readonly required?: readonly string[];
      /** Fields that are known and not read. Absent: any field may be there. */
      readonly ignored?: readonly string[];
      /** Whether a `$ref` may stand in its place. */
      readonly referable?: true;
      /** Whether fields beside the `$ref` have no defined meaning, so that nothing may be hidden there. */
      readonly referenceStandsAlone?: true;
    };

// each shape is made once, not each time it is looked at
const always = (shape: Shape) => () => shape;
const text = always({ kind: 'text' });
const flag = always({ kind: 'flag' });
const schema = always({ kind: 'schema' });
const anything = always({ kind: 'anything' });
const list = (of: () => Shape) => always({ kind: 'list', of });
const map = (of: () => Shape) => always({ kind: 'map', of });

const MEDIA_TYPE: Shape = { kind: 'object', fields: { schema } };

const PARAMETER: Shape = {
  kind: 'object',
  fields: {
    name: text,
    in: always({ kind: 'word', words: ['path', 'query', 'header', 'cookie'] }),
    required: flag,
    schema,
    content: map(() => MEDIA_TYPE),
    style: text,
    explode: flag,
    allowEmptyValue: flag,
    allowReserved: flag,
  },
  required: ['name', 'in'],
  referable: true,
};

const REQUEST_BODY: Shape = {
  kind: 'object',
  fields: { content: map(() => MEDIA_TYPE), required: flag },
  required: ['content'],
  referable: true,
};

const SECURITY = list(map(list(text)));

const OPERATION: Shape = {
  kind: 'object',
  fields: {
    operationId: text,
    parameters: list(() => PARAMETER),
    requestBody: () => REQUEST_BODY,
    security: SECURITY,
  },
  ignored: [
    'tags',
    'summary',
    'description',
    'externalDocs',
    'responses',
    'callbacks',
    'deprecated',
    'servers',
  ],
};

const operation = () => OPERATION;

const PATH_ITEM: Shape = {
  kind: 'object',
  fields: {
    parameters: list(() => PARAMETER),
    get: operation,
    put: operation,
    post: operation,
    delete: operation,
    options: operation,
    head: operation,
    patch: operation,
    trace: operation,
  },
  ignored: ['summary', 'description', 'servers'],
  referable: true,
  referenceStandsAlone: true,
};

const SECURITY_SCHEME: Shape = {
  kind: 'object',
  fields: { type: text, scheme: text, in: text, name: text, flows: map(anything) },
  required: ['type'],
  referable: true,
};

/** The whole document. */
export const DOCUMENT_SHAPE: Shape = {
  kind: 'object',
  fields: {
    info: always({ kind: 'object', fields: { title: text, version: text }, required: ['title', 'version'] }),
    paths: map(() => PATH_ITEM),
    security: SECURITY,
    components: always({
      kind: 'object',
      fields: {
        securitySchemes: map(() => SECURITY_SCHEME),
        schemas: map(schema),
        parameters: map(anything),
      },
    }),
  },
  required: ['info', 'paths'],
  ignored: ['openapi', 'servers', 'tags', 'externalDocs', 'webhooks', 'jsonSchemaDialect', '$self'],
};
