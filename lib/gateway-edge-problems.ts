import { Token } from 'aws-cdk-lib';
import type { CompiledApi } from './definition/compiled-api';
import { isBasePath } from './edge/check-domain';
import { mayBeOne } from './edge/precedence';
import { WebAcl } from './edge/web-acl';
import type { Problem } from './errors';
import type { SecureApiGatewayProps } from './gateway-props';

/** Where the web ACL would not hold what the props say of it. */
export function edgeProblems(at: string, { edge, webAcl, basePaths = [] }: SecureApiGatewayProps): Problem[] {
  const unused = webAcl ? Object.keys(edge ?? {}) : [];

  return [
    ...(unused.length > 0
      ? [
          {
            code: 'EDGE_UNUSED',
            at: `${at}: edge`,
            message: `${JSON.stringify(unused)} have no effect beside a 'webAcl' that is defined elsewhere`,
            remedy: "leave out 'edge', and give these to that web ACL; or leave out 'webAcl'",
          },
        ]
      : []),
    ...basePaths
      .filter((basePath) => !Token.isUnresolved(basePath) && !isBasePath(basePath))
      .map((basePath) => ({
        code: 'BASE_PATHS',
        at: `${at}: basePaths`,
        // rules on paths would expect another path than clients send, and let them through
        message: `a base path is one path segment without slashes, got ${JSON.stringify(basePath)}`,
        remedy: "write for example 'v1'",
      })),
  ];
}

/** Operations for one set of networks, behind a web ACL that does not know of it: nothing else would refuse the others. */
export function restrictionProblems(
  at: string,
  { webAcl }: SecureApiGatewayProps,
  { edge }: CompiledApi,
): Problem[] {
  if (!webAcl) return [];

  const held = webAcl instanceof WebAcl ? webAcl._restrictions : [];
  return edge.onlyFrom
    .filter(
      (operation) => !held.some(({ method, path }) => method === operation.method && path === operation.path),
    )
    .map(({ method, path, set }) => ({
      code: 'ONLY_FROM_WEB_ACL',
      at,
      message: `${method} ${path} is for the networks ${JSON.stringify(set)} only, and nothing says that the 'webAcl' defined elsewhere refuses others`,
      remedy:
        "give a 'WebAcl' with that operation in 'restrictions'; or leave out 'webAcl', or 'x-gateway.onlyFrom'",
    }));
}

/** A rate on a path that leads to no operation counts nothing. */
export function ratePathProblems(
  at: string,
  { edge }: SecureApiGatewayProps,
  { policy }: CompiledApi,
): Problem[] {
  const operations = Object.keys(policy.operations).map((name) => name.split(' '));

  return (edge?.rates ?? [])
    .flatMap(({ operation }) => operation ?? [])
    .filter(
      ({ path, method }) =>
        !operations.some(
          ([own, known = '']) => (method ?? own)?.toUpperCase() === own && mayBeOne(path, known),
        ),
    )
    .map(({ path, method }) => ({
      code: 'UNKNOWN_RATE_PATH',
      at,
      message: `the document has no operation ${JSON.stringify(method ? `${method} ${path}` : path)}`,
      remedy: 'write method and path as the document has them, without stage or base path',
    }));
}
