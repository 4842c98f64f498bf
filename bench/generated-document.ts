/** An OpenAPI document of so many operations: four to a resource, with parameters and a body each. */
export function generatedDocument(operations: number): object {
  const paths: Record<string, Record<string, unknown>> = {};
  for (let index = 0; index < operations; index += 1) {
    const resource = Math.floor(index / 4);
    const [path, method] = shapeOf(index % 4, resource);
    paths[path] = { ...paths[path], [method]: operation(method, index, path.includes('{')) };
  }
  return {
    openapi: '3.0.3',
    info: { title: 'Generated', version: '1.0.0' },
    components: {
      securitySchemes: { customer: { type: 'http', scheme: 'bearer' } },
      schemas: { Item: item },
    },
    security: [{ customer: [] }],
    paths,
  };
}

const item = {
  type: 'object',
  required: ['name', 'quantity'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100 },
    quantity: { type: 'integer', minimum: 1, maximum: 1000 },
  },
};

function shapeOf(kind: number, resource: number): [path: string, method: string] {
  const path = `/resource${resource}`;
  if (kind === 0) return [path, 'get'];
  if (kind === 1) return [path, 'post'];
  return [`${path}/{id}`, kind === 2 ? 'get' : 'put'];
}

function operation(method: string, index: number, withId: boolean): unknown {
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string', maxLength: 40 } };
  const limit = { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100 } };
  return {
    operationId: `operation${index}`,
    parameters: [...(withId ? [id] : []), ...(method === 'get' ? [limit] : [])],
    ...(method !== 'get' && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Item' } } },
      },
    }),
    responses: { '200': { description: 'OK' } },
  };
}
