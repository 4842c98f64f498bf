import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { importPeer } from '../local/optional-peer';
import { type AwsTarget, clientOptions } from './aws-target';
import { explainAws, notAws, type Refusals } from './explain-aws';
import { keyError } from './key-error';

/** A key of API Gateway: a name by which it counts requests, not a credential. */
export interface NamedKey {
  readonly name: string;
  readonly value: string;
}

/** What tenants need of API Gateway's control plane. Each call may be repeated. */
export interface PlanControl {
  /** Makes the key unless it is there; tells its id, and whether it was made just now. */
  ensure(key: NamedKey): Promise<{ readonly id: string; readonly isNew: boolean }>;
  /** Puts a key into a plan; false if it is in it already. */
  attach(planId: string, keyId: string): Promise<boolean>;
  /** Deletes the key; false if there is none. */
  remove(key: NamedKey): Promise<boolean>;
}

/** API Gateway's own, by its SDK. */
export class ApiGatewayPlanControl implements PlanControl {
  public static async connect(target: AwsTarget): Promise<ApiGatewayPlanControl> {
    const { APIGatewayClient } = await sdk();
    // the control plane takes a few calls a second from the whole account: adaptive retries slow down to what it takes
    return new ApiGatewayPlanControl(
      new APIGatewayClient({ maxAttempts: 10, retryMode: 'adaptive', ...clientOptions(target) }),
    );
  }

  constructor(private readonly client: APIGatewayClient) {}

  public async ensure(key: NamedKey): Promise<{ readonly id: string; readonly isNew: boolean }> {
    const { CreateApiKeyCommand } = await sdk();
    const found = await this.find(key);
    if (found) return { id: enabled(found, key), isNew: false };

    try {
      const { id } = await this.client.send(new CreateApiKeyCommand({ ...key, enabled: true }));
      if (id) return { id, isNew: true };
      throw notAws(key.name, 'it made a key without id');
    } catch (cause) {
      if (nameOf(cause) === 'LimitExceededException') throw tooMany(key.name);
      if (nameOf(cause) !== 'ConflictException') throw explainControl(cause, key.name);
    }
    // somebody else made it between the two calls
    const made = await this.find(key);
    if (made) return { id: enabled(made, key), isNew: true };
    throw keyError(
      'PLAN_KEY_TAKEN',
      key.name,
      "another API Gateway key of this account and region has the tenant's value",
      'try again in a minute; if it stays, delete the key that was made by hand',
    );
  }

  public async attach(planId: string, keyId: string): Promise<boolean> {
    const { CreateUsagePlanKeyCommand, GetUsagePlanKeyCommand } = await sdk();
    try {
      await this.client.send(
        new CreateUsagePlanKeyCommand({ usagePlanId: planId, keyId, keyType: 'API_KEY' }),
      );
      return true;
    } catch (cause) {
      if (nameOf(cause) === 'NotFoundException') throw noSuchPlan(planId);
      if (nameOf(cause) !== 'ConflictException') throw explainControl(cause, planId);
    }

    try {
      await this.client.send(new GetUsagePlanKeyCommand({ usagePlanId: planId, keyId }));
      return false;
    } catch (cause) {
      if (nameOf(cause) !== 'NotFoundException') throw explainControl(cause, planId);
    }
    throw keyError(
      'PLAN_CONFLICT',
      planId,
      `API Gateway key ${keyId} is in another usage plan of the same stage`,
      'take it out of that plan, and run `tenants repair`',
    );
  }

  public async remove(key: NamedKey): Promise<boolean> {
    const { DeleteApiKeyCommand } = await sdk();
    const found = await this.find(key);
    if (!found) return false;
    try {
      await this.client.send(new DeleteApiKeyCommand({ apiKey: found.id }));
      return true;
    } catch (cause) {
      if (nameOf(cause) === 'NotFoundException') return false;
      throw explainControl(cause, key.name);
    }
  }

  /** Names are not unique, and API Gateway finds all that begin with one. */
  private async find({ name, value }: NamedKey): Promise<FoundKey | undefined> {
    const { paginateGetApiKeys } = await sdk();
    const pages = paginateGetApiKeys(
      { client: this.client, pageSize: 500 },
      { nameQuery: name, includeValues: true },
    );
    try {
      for await (const { items = [] } of pages) {
        const found = items.find((key) => key.value === value);
        if (found?.id) return { id: found.id, enabled: found.enabled !== false };
      }
    } catch (cause) {
      throw explainControl(cause, name);
    }
    return undefined;
  }
}

interface FoundKey {
  readonly id: string;
  readonly enabled: boolean;
}

const explainControl = (cause: unknown, at: string) => explainAws(cause, at, OF_CONTROL_PLANE);

const OF_CONTROL_PLANE: Refusals = {
  AccessDeniedException: {
    code: 'NO_PERMISSION',
    message: 'AWS does not let you manage API Gateway keys',
    remedy:
      'use a role that may apigateway:GET, POST and DELETE on /apikeys, /apikeys/* and /usageplans/*/keys*',
  },
  TooManyRequestsException: {
    code: 'THROTTLED',
    message: "the account's calls of API Gateway's control plane are used up",
    remedy: 'run the same command again in a minute: it goes on where this one ended',
  },
};

function nameOf(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.name : undefined;
}

function tooMany(name: string) {
  return keyError(
    'TOO_MANY_PLAN_KEYS',
    name,
    'this account has as many API Gateway keys as this region lets it have (10,000 unless raised)',
    "raise the quota 'API keys'; until then the tenant is counted with its tier's other tenants",
  );
}

/** The key's id; a disabled one was disabled by somebody, and means that the tenant is refused. */
function enabled({ id, enabled }: FoundKey, { name }: NamedKey): string {
  if (enabled) return id;
  throw keyError(
    'PLAN_KEY_DISABLED',
    name,
    'this API Gateway key is disabled: the tenant is refused',
    'enable it in API Gateway, or revoke what keys the tenant has if it is to be refused',
  );
}

function noSuchPlan(planId: string) {
  return keyError('NO_SUCH_PLAN', planId, 'there is no such usage plan', 'check --gateway or --plan');
}

function sdk() {
  return importPeer('@aws-sdk/client-api-gateway', import('@aws-sdk/client-api-gateway'));
}
