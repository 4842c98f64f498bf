import { Lazy, Stack } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Construct, IDependable } from 'constructs';
import type { CompiledApi, SizeClass } from './definition/compiled-api';
import { BodySize, type EdgeApiKeyKind, type EdgeBodySize } from './edge/edge-operation';
import type { EdgeOptions } from './edge/edge-options';
import { type IWebAcl, WebAcl } from './edge/web-acl';
import { logGroupNameOf } from './edge/web-acl-log';
import { warnOfForeignLog } from './gateway-foreign-log';

export interface EdgeParts {
  readonly stage: apigateway.CfnStage;
  /** What refuses an operation that goes, before the web ACL forgets who may call it. */
  readonly after: IDependable;
  /** What may stand in front of the API's paths as clients send them, each with its slash. */
  readonly pathPrefixes: string[];
  readonly options: EdgeOptions;
  /** Kinds of API keys that callers present. */
  readonly apiKeys: readonly EdgeApiKeyKind[];
  /** One that is defined elsewhere, in place of ours. */
  readonly webAcl?: IWebAcl;
  /** Makes the web ACL's log group, by the name AWS demands. */
  readonly logGroup: (name: string) => ILogGroup;
  /** Makes that of the function that keeps threat feeds. */
  readonly threatFeedLogGroup: () => ILogGroup;
}

export interface Edge {
  readonly webAcl: IWebAcl;
  /** For what must wait until the stage is protected. */
  readonly association: CfnWebACLAssociation;
}

/** The web ACL in front of the stage, knowing what the document says of bodies, logins and networks. */
export function defineEdge(
  scope: Construct,
  { edge, audit, identity, policy }: CompiledApi,
  parts: EdgeParts,
): Edge {
  const { stage, pathPrefixes, options } = parts;
  const { headers, queryParameters, cookies, query, path, body } = audit.redact;

  if (parts.webAcl) warnOfForeignLog(scope, parts.webAcl, audit.redact);
  const define = (): WebAcl => {
    // of the web ACL, which wants the group first
    const id = Lazy.string({ produce: () => own._id });
    const own: WebAcl = new WebAcl(scope, 'WebAcl', {
      ...options,
      logGroup: parts.logGroup(logGroupNameOf(scope, id)),
      ...(options.threatFeeds && { threatFeedLogGroup: parts.threatFeedLogGroup() }),
      pathPrefixes,
      credentialHeaders: credentialHeadersOf(policy),
      reservedHeaders: [...identity.reserved],
      mediaTypes: [...edge.mediaTypes],
      bodies: [...edge.bodies],
      bodySizes: bodySizesOf(edge, policy),
      uninspected: [...edge.uninspected],
      apiKeys: [...parts.apiKeys],
      credentialBodies: [...edge.credentialBodies],
      loginOperations: [...edge.loginOperations],
      restrictions: edge.onlyFrom.map(({ method, path, set }) => ({ method, path, networks: set })),
      redaction: {
        headers: [...headers],
        cookies: [...cookies],
        queryArguments: [...queryParameters],
        query,
        path,
        body,
      },
    });
    return own;
  };

  const webAcl = parts.webAcl ?? define();
  guardBeforeServing(webAcl, parts);
  return { webAcl, association: webAcl.associate(stage) };
}

/** What a new deployment serves is guarded before, and what it no longer serves until it is refused. */
function guardBeforeServing(webAcl: IWebAcl, { stage, after }: EdgeParts): void {
  const rules = webAcl.node.defaultChild;
  // one of another stack is there before this one changes
  if (!rules || Stack.of(rules) !== Stack.of(stage)) return;

  rules.node.addDependency(after);
  stage.node.addDependency(rules);
}

function credentialHeadersOf({ schemes }: CompiledApi['policy']): string[] {
  const names = Object.values(schemes).flatMap((location) =>
    location.in === 'header' ? [location.name] : [],
  );
  return ['authorization', ...names];
}

const SIZES: Readonly<Record<SizeClass, BodySize>> = {
  '16': BodySize.KB_16,
  '32': BodySize.KB_32,
  '64': BodySize.KB_64,
};

/** Those that take no body too: their paths may read as that of an operation that takes a large one. */
function bodySizesOf(
  { sizeClasses, uninspected }: CompiledApi['edge'],
  { operations }: CompiledApi['policy'],
) {
  const sized = (['16', '32', '64'] as const).flatMap((size) =>
    sizeClasses[size].map(({ method, path }) => ({ method, path, size: SIZES[size] })),
  );
  const named = new Set([...sized, ...uninspected].map(({ method, path }) => `${method} ${path}`));
  const bodiless = Object.keys(operations).flatMap((name): EdgeBodySize[] => {
    const [method = '', path = ''] = name.split(' ');
    return named.has(name) ? [] : [{ method, path, size: BodySize.KB_16 }];
  });

  return [...sized, ...bodiless];
}
