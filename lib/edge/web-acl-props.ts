import type { IStageRef } from 'aws-cdk-lib/aws-apigateway';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { EdgeApiKeyKind, EdgeBodySize, EdgeOperation, EdgeRestriction } from './edge-operation';
import type { EdgeOptions } from './edge-options';

/**
 * What log and samples of a web ACL never show.
 */
export interface WebAclRedaction {
  /**
   * Headers beside `Authorization`, `Cookie`, the credential headers and those known for credentials, such as
   * `X-Auth-Token`.
   *
   * @default - none
   */
  readonly headers?: string[];

  /**
   * Cookies by name. `Cookie` as a whole is never shown anyway.
   *
   * @default - none
   */
  readonly cookies?: string[];

  /**
   * Query arguments beside those whose names say that they are secret, such as `access_token`.
   *
   * @default - none
   */
  readonly queryArguments?: string[];

  /**
   * Whether the log has no query of any request, for names of arguments that only requests know.
   *
   * @default false
   */
  readonly query?: boolean;

  /**
   * Whether the log has no path of any request: single segments AWS WAF cannot hide.
   *
   * @default false
   */
  readonly path?: boolean;

  /**
   * Whether what rules matched in bodies is hidden.
   *
   * @default false
   */
  readonly body?: boolean;
}

/**
 * Properties of `WebAcl`.
 */
export interface WebAclProps extends EdgeOptions {
  /**
   * The stage to protect.
   *
   * @default - none; call `associate`
   */
  readonly stage?: IStageRef;

  /**
   * What may stand in front of the API's paths: the stage's name on API Gateway's own endpoint, base paths of
   * custom domains, each with its slash. AWS WAF sees the path as the client sent it.
   *
   * @default - the stage's name, for example `/prod`
   */
  readonly pathPrefixes?: string[];

  /**
   * Headers that carry a credential.
   *
   * @default ['authorization', 'x-api-key']
   */
  readonly credentialHeaders?: string[];

  /**
   * Headers only the gateway may set.
   *
   * @default - the identity headers of this library, such as `X-User-Id`
   */
  readonly reservedHeaders?: string[];

  /**
   * Media types that some operation takes as a body, for example `application/json`; others are refused.
   *
   * @default - all media types pass
   */
  readonly mediaTypes?: string[];

  /**
   * Operations that take a body; others are refused with one.
   *
   * @default - any operation
   */
  readonly bodies?: EdgeOperation[];

  /**
   * Operations that take bodies of more than 16 KB.
   *
   * @default - none; larger bodies are refused
   */
  readonly bodySizes?: EdgeBodySize[];

  /**
   * Operations whose bodies may be larger than AWS WAF can look at.
   *
   * @default - none
   */
  readonly uninspected?: EdgeOperation[];

  /**
   * Kinds of API keys, beside JSON Web Tokens, that no body may hold.
   *
   * @default - none
   */
  readonly apiKeys?: EdgeApiKeyKind[];

  /**
   * Operations whose bodies may hold API keys and tokens, because they exchange, refresh or check them.
   *
   * @default - none
   */
  readonly credentialBodies?: EdgeOperation[];

  /**
   * Operations that look like a login.
   *
   * @default - none
   */
  readonly loginOperations?: EdgeOperation[];

  /**
   * Operations open to a named set of `networks` only.
   *
   * @default - none
   */
  readonly restrictions?: EdgeRestriction[];

  /**
   * What log and samples never show.
   *
   * @default - `Authorization`, `Cookie` and the credential headers
   */
  readonly redaction?: WebAclRedaction;

  /**
   * Log group of the web ACL. AWS takes only one whose name starts with `aws-waf-logs-`.
   *
   * @default - a new one
   */
  readonly logGroup?: ILogGroup;

  /**
   * Log group of the function that keeps the lists of `threatFeeds`.
   *
   * @default - a new one, kept for a year
   */
  readonly threatFeedLogGroup?: ILogGroup;
}
