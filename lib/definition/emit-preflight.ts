import type { GatewayOperation } from './compiled-api';
import type { PathCors } from './cors';

const STATUS = '204';

/**
 * The OPTIONS method of a path, answered by API Gateway without authorizer or backend.
 *
 * With several origins a template compares the caller's with each and sets a header of ours: what the caller
 * sent never becomes part of the answer.
 */
export function preflight({ cors, methods, headers }: PathCors): GatewayOperation {
  const [only] = cors.origins;
  const single = cors.origins.length === 1 && only !== undefined;
  const fixed = {
    'Access-Control-Allow-Methods': methods.join(','),
    'Access-Control-Allow-Headers': headers.join(','),
    'Access-Control-Max-Age': String(cors.maxAgeSeconds),
    'Cache-Control': 'no-store',
    Vary: 'Origin',
    ...(cors.credentials ? { 'Access-Control-Allow-Credentials': 'true' } : {}),
    ...(single ? { 'Access-Control-Allow-Origin': only } : {}),
  };
  const names = [...new Set([...Object.keys(fixed), 'Access-Control-Allow-Origin'])];
  return {
    responses: {
      [STATUS]: {
        description: 'Preflight',
        headers: Object.fromEntries(names.map((name) => [name, { schema: { type: 'string' } }])),
      },
    },
    'x-amazon-apigateway-integration': {
      type: 'mock',
      requestTemplates: { 'application/json': `{"statusCode":${STATUS}}` },
      passthroughBehavior: 'never',
      responses: {
        default: {
          statusCode: STATUS,
          responseParameters: Object.fromEntries(
            Object.entries(fixed).map(([name, value]) => [`method.response.header.${name}`, `'${value}'`]),
          ),
          ...(single ? {} : { responseTemplates: { 'application/json': originTemplate(cors.origins) } }),
        },
      },
    },
  };
}

/** In Velocity. Header names arrive as the protocol has them: `Origin` in HTTP/1.1, `origin` in HTTP/2. */
function originTemplate(origins: readonly string[]): string {
  const branches = origins.map(
    (origin, index) =>
      `${index === 0 ? '#if' : '#elseif'}($origin == "${origin}")\n` +
      `#set($context.responseOverride.header.Access-Control-Allow-Origin = "${origin}")\n`,
  );
  return [
    '#set($origin = $input.params().header.get("Origin"))\n',
    '#if(!$origin)\n#set($origin = $input.params().header.get("origin"))\n#end\n',
    ...branches,
    '#end\n',
  ].join('');
}
