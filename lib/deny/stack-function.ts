import { GatewayConfigurationError } from '../errors';
import { explainAws, type Refusals } from '../keys/key-error';
import { stackOutputs } from '../keys/stack-outputs';
import { importPeer } from '../local/optional-peer';
import { DENY_FUNCTION_OUTPUT, type ThreatFeedAnswer } from '../protocol/threat-feed';
import type { CallFunction } from './deny-list';

export interface AwsTarget {
  readonly region?: string;
  /** In place of AWS's own, for both services. */
  readonly endpoint?: string;
}

/** Name of the function that keeps the lists of a stack's gateway. */
export async function functionOfStack(stackName: string, target: AwsTarget): Promise<string> {
  const outputs = await stackOutputs(stackName, target);
  const [first, ...others] = outputs
    .filter(({ description }) => description === DENY_FUNCTION_OUTPUT)
    .map(({ value }) => value);
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined) {
    throw new GatewayConfigurationError([
      {
        code: 'SEVERAL_DENY_FUNCTIONS',
        at: stackName,
        message: `this stack has ${others.length + 1} gateways with a list of attackers, of the functions ${[first, ...others].join(', ')}`,
        remedy: 'name one after the other by --function',
      },
    ]);
  }

  throw new GatewayConfigurationError([
    {
      code: 'NO_DENY_FUNCTION',
      at: stackName,
      message: 'this stack has no list of attackers',
      remedy: "give the gateway's edge `threatFeeds: []` and deploy",
    },
  ]);
}

/** Calls a function of AWS Lambda and answers what it answers. */
export function callerOf(functionName: string, target: AwsTarget): CallFunction {
  return async (request) => {
    const { LambdaClient, InvokeCommand } = await importPeer(
      '@aws-sdk/client-lambda',
      import('@aws-sdk/client-lambda'),
    );
    const { Payload, FunctionError } = await new LambdaClient({ ...target })
      .send(new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(request)) }))
      .catch((cause: unknown) => {
        throw explainAws(cause, functionName, OF_FUNCTION);
      });
    const text = Payload ? Buffer.from(Payload).toString('utf8') : '';
    if (FunctionError) throw new Error(`the function failed: ${text.slice(0, 500)}`);

    return JSON.parse(text) as ThreatFeedAnswer;
  };
}

const OF_FUNCTION: Refusals = {
  AccessDeniedException: {
    code: 'NO_PERMISSION',
    message: 'AWS does not let you call the function that keeps the list',
    remedy: 'use a role that may lambda:InvokeFunction on it',
  },
  ResourceNotFoundException: {
    code: 'NO_SUCH_FUNCTION',
    message: 'there is no such function in this account and region',
    remedy: 'check --function or --stack, --region, and the account you are signed in to',
  },
};
