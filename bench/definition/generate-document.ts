const RESOURCES_OF_FOUR_OPERATIONS = 4;

/** An OpenAPI 3.1 document of as many operations, four to a resource, each resource with a schema of its own. */
export function generateDocument(operations: number): Record<string, unknown> {
  const paths: Record<string, unknown> = {};
  const schemas: Record<string, unknown> = { Address: address(), Problem: { type: 'object' } };
  for (let index = 0; index * RESOURCES_OF_FOUR_OPERATIONS < operations; index += 1) {
    const name = `Thing${index}`;
    schemas[name] = thing(index);
    Object.assign(paths, resource(index, name));
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Generated', version: '1' },
    security: [{ jwt: ['things:read'] }],
    paths,
    components: { schemas, securitySchemes: { jwt: { type: 'http', scheme: 'bearer' } } },
  };
}

function resource(index: number, name: string): Record<string, unknown> {
  const body = {
    required: true,
    content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
  };
  const responses = {
    200: {
      description: 'Done',
      content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
    },
    400: {
      description: 'Refused',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  };
  const write = { security: [{ jwt: ['things:write'] }] };
  return {
    [`/things${index}`]: {
      get: { operationId: `list${name}`, parameters: [limit(), after()], responses },
      post: { operationId: `create${name}`, requestBody: body, responses, ...write },
    },
    [`/things${index}/{id}`]: {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
      get: { operationId: `read${name}`, responses },
      put: { operationId: `change${name}`, requestBody: body, responses, ...write },
    },
  };
}

function limit(): unknown {
  return { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100 } };
}

function after(): unknown {
  return {
    name: 'after',
    in: 'query',
    schema: { type: 'string', maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' },
  };
}

function thing(index: number): unknown {
  return {
    type: 'object',
    required: ['name', `count${index}`],
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 100, description: 'What it is called' },
      kind: { enum: ['a', 'b', 'c'] },
      [`count${index}`]: { type: ['integer', 'null'], minimum: 0, exclusiveMaximum: 1000 },
      address: { $ref: '#/components/schemas/Address' },
      tags: { type: 'array', maxItems: 10, items: { type: 'string', maxLength: 20 } },
    },
  };
}

function address(): unknown {
  return {
    type: 'object',
    properties: {
      street: { type: 'string', maxLength: 100 },
      city: { type: 'string', maxLength: 100 },
      country: { type: 'string', pattern: '^[A-Z]{2}$' },
    },
  };
}
