import type { CustomResourceEvent } from './answer-cloudformation';

/** What CloudFormation sends a custom resource, as far as it matters here. */
export interface ResourceEvent extends CustomResourceEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResourceProperties: { readonly roleArn?: string };
}

export interface LoggingRoleDependencies {
  /** The role in the account's settings of API Gateway, or undefined. */
  readonly currentRole: () => Promise<string | undefined>;
  readonly roleExists: (arn: string) => Promise<boolean>;
  readonly setRole: (arn: string) => Promise<void>;
  readonly pause: (millis: number) => Promise<void>;
}

/** A role just created takes a while until API Gateway can assume it. */
const ATTEMPTS = 8;
const PAUSE_MILLIS = 5_000;

/**
 * Sets the account's logging role if there is none. A living one is never replaced, and nothing is undone on
 * deletion: every other API of the account logs with it.
 */
export function createHandler(dependencies: LoggingRoleDependencies) {
  return async ({ RequestType, ResourceProperties: { roleArn } }: ResourceEvent): Promise<void> => {
    if (RequestType === 'Delete') return;
    if (!roleArn) throw new Error('property roleArn is missing');
    await ensureRole(roleArn, dependencies);
  };
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
