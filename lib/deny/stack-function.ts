import { GatewayConfigurationError } from '../errors';
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
  const { CloudFormationClient, DescribeStacksCommand } = await importPeer(
    '@aws-sdk/client-cloudformation',
    import('@aws-sdk/client-cloudformation'),
  );
  const client = new CloudFormationClient({ ...target });
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
  const output = Stacks.flatMap(({ Outputs = [] }) => Outputs).find(
    ({ Description }) => Description === DENY_FUNCTION_OUTPUT,
  );
  if (output?.OutputValue) return output.OutputValue;

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
    const { Payload, FunctionError } = await new LambdaClient({ ...target }).send(
      new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(request)) }),
    );
    const text = Payload ? Buffer.from(Payload).toString('utf8') : '';
    if (FunctionError) throw new Error(`the function failed: ${text.slice(0, 500)}`);

    return JSON.parse(text) as ThreatFeedAnswer;
  };
}
