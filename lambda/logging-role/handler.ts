/** What CloudFormation sends a custom resource, as far as it matters here. */
export interface ResourceEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: { readonly roleArn?: string };
}

export interface LoggingRoleDependencies {
  /** The role in the account's settings of API Gateway, or undefined. */
  readonly currentRole: () => Promise<string | undefined>;
  readonly roleExists: (arn: string) => Promise<boolean>;
  readonly setRole: (arn: string) => Promise<void>;
  /** Answers CloudFormation. */
  readonly respond: (url: string, body: string) => Promise<void>;
  readonly pause: (millis: number) => Promise<void>;
}

const PHYSICAL_ID = 'api-gateway-logging-role';

/** A role just created takes a while until API Gateway can assume it. */
const ATTEMPTS = 8;
const PAUSE_MILLIS = 5_000;

/**
 * Sets the account's logging role if there is none. A living one is never replaced, and nothing is undone on
 * deletion: every other API of the account logs with it.
 */
export function createHandler(dependencies: LoggingRoleDependencies) {
  return async (event: ResourceEvent): Promise<void> => {
    const failure = await attempt(event, dependencies);
    await dependencies.respond(event.ResponseURL, responseTo(event, failure));
  };
}

async function attempt(
  { RequestType, ResourceProperties: { roleArn } }: ResourceEvent,
  dependencies: LoggingRoleDependencies,
): Promise<string | undefined> {
  if (RequestType === 'Delete') return undefined;

  try {
    if (!roleArn) throw new Error('property roleArn is missing');
    await ensureRole(roleArn, dependencies);
    return undefined;
  } catch (error) {
    // CloudFormation waits for an answer whatever happened
    return error instanceof Error ? error.message : String(error);
  }
}

async function ensureRole(
  roleArn: string,
  { currentRole, roleExists, setRole, pause }: LoggingRoleDependencies,
): Promise<void> {
  const current = await currentRole();
  if (current && (await roleExists(current))) return;

  for (let remaining = ATTEMPTS - 1; ; remaining -= 1) {
    try {
      await setRole(roleArn);
      return;
    } catch (error) {
      if (remaining === 0) throw error;
      await pause(PAUSE_MILLIS);
    }
  }
}

function responseTo(event: ResourceEvent, failure: string | undefined): string {
  const { StackId, RequestId, LogicalResourceId, PhysicalResourceId = PHYSICAL_ID } = event;
  return JSON.stringify({
    Status: failure === undefined ? 'SUCCESS' : 'FAILED',
    ...(failure !== undefined && { Reason: failure }),
    StackId,
    RequestId,
    LogicalResourceId,
    PhysicalResourceId,
  });
}
