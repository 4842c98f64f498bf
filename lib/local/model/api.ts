import type { Json } from '../template/read';

/** A REST API as deployed to one stage, read from a template. */
export interface ApiModel {
  /** Logical id. */
  readonly logicalId: string;
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly stage: StageModel;
  /** First segments of the path under which the API answers: the stage's name, or a domain's base path. */
  readonly basePath: string;
  readonly domainName?: string;
  readonly methods: readonly MethodModel[];
  /** Schemas that models refer to, by name. */
  readonly schemas: Json;
  readonly gatewayResponses: Readonly<Record<string, GatewayResponseModel>>;
  readonly apiKeySource: 'HEADER' | 'AUTHORIZER';
  readonly binaryMediaTypes: readonly string[];
}

export interface StageModel {
  readonly logicalId: string;
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly accessLog?: { readonly format: string; readonly logGroup: string };
  /** By `METHOD resourcePath`, `*` for any. */
  readonly throttles: Readonly<Record<string, ThrottleModel>>;
  readonly clientCertificate: boolean;
  /** What of the stage is not as deployed. */
  readonly ignored: readonly string[];
}

export interface ThrottleModel {
  /** Requests per second. */
  readonly rate: number;
  readonly burst: number;
}

export interface MethodModel {
  /** In upper case, or `ANY`. */
  readonly httpMethod: string;
  readonly resourcePath: string;
  readonly operationName?: string;
  readonly authorizer?: AuthorizerModel;
  readonly apiKeyRequired: boolean;
  readonly validate: { readonly body: boolean; readonly parameters: boolean };
  /** By mapping name, for example `method.request.header.X-Tenant`; true where required. */
  readonly requestParameters: Readonly<Record<string, boolean>>;
  /** Schemas of the body by media type; `$default` for any other. */
  readonly requestModels: Json;
  readonly integration: IntegrationModel;
}

export type AuthorizerModel =
  | {
      readonly kind: 'request' | 'token';
      readonly id: string;
      readonly name: string;
      readonly functionArn: string;
      readonly identitySources: readonly string[];
      readonly resultTtlSeconds: number;
      /** Of a token authorizer: what the token must look like. */
      readonly validation?: string;
      /** Invoked with a role of its own instead of a permission of the function. */
      readonly credentials: boolean;
    }
  /** One we cannot run: its methods answer 500, never without it. */
  | { readonly kind: 'unsupported'; readonly name: string; readonly type: string };

export interface IntegrationModel {
  readonly type: 'HTTP_PROXY' | 'HTTP' | 'AWS_PROXY' | 'MOCK' | 'UNSUPPORTED';
  /** As the template has it, for messages. */
  readonly declaredType: string;
  readonly httpMethod: string;
  readonly uri: string;
  /** Id of the VPC link it goes through. */
  readonly vpcLink?: string;
  /** ARN of the load balancer behind that link. */
  readonly target?: string;
  /** `integration.request.header.X` → source. */
  readonly requestParameters: Readonly<Record<string, string>>;
  readonly requestTemplates: Readonly<Record<string, string>>;
  readonly passthroughBehavior: 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER';
  readonly timeoutMillis: number;
  /** Its answers are handed on as they come. */
  readonly streamed: boolean;
  /** Invoked with a role of its own instead of a permission of the function. */
  readonly credentials: boolean;
  readonly insecureSkipVerification: boolean;
  readonly responses: readonly IntegrationResponseModel[];
}

export interface IntegrationResponseModel {
  /** Regular expression over the backend's status; undefined for the default response. */
  readonly selectionPattern?: string;
  readonly statusCode: number;
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
}

export interface GatewayResponseModel {
  readonly statusCode?: number;
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
}

export interface UsagePlanModel {
  readonly id: string;
  readonly logicalId: string;
  readonly name?: string;
  readonly throttle?: ThrottleModel;
  readonly methodThrottles: Readonly<Record<string, ThrottleModel>>;
  readonly quota?: {
    readonly limit: number;
    readonly period: 'DAY' | 'WEEK' | 'MONTH';
    readonly offset: number;
  };
  /** Whether it covers the stage that is served. */
  readonly covers: boolean;
}

export interface PlanKeyModel {
  readonly id: string;
  readonly name?: string;
  readonly value: string;
  readonly enabled: boolean;
}

/** What the template says of usage plans and their keys. */
export interface PlansModel {
  readonly plans: readonly UsagePlanModel[];
  readonly keys: readonly PlanKeyModel[];
  /** Ids of keys, by id of plan. */
  readonly members: Readonly<Record<string, readonly string[]>>;
}

export interface FunctionModel {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** Folder of the code. */
  readonly folder: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMillis: number;
  readonly memoryMegabytes: number;
  /** Undefined: the account's. */
  readonly reservedConcurrency?: number;
  readonly logGroup: string;
  /** Patterns of ARNs that API Gateway may invoke it from. */
  readonly permittedSources: readonly string[];
}
