import { importPeer } from '../local/optional-peer';
import { explainAws } from './key-error';

export interface StackOutput {
  readonly description: string;
  readonly value: string;
}

/** Outputs of a deployed stack that have a description. */
export async function stackOutputs(stack: string, aws: object): Promise<StackOutput[]> {
  const { CloudFormationClient, DescribeStacksCommand } = await importPeer(
    '@aws-sdk/client-cloudformation',
    import('@aws-sdk/client-cloudformation'),
  );
  const { Stacks = [] } = await new CloudFormationClient(aws)
    .send(new DescribeStacksCommand({ StackName: stack }))
    .catch((cause: unknown) => {
      throw explainAws(cause, stack);
    });
  return Stacks.flatMap(({ Outputs = [] }) => Outputs).flatMap(({ Description, OutputValue }) =>
    Description && OutputValue ? [{ description: Description, value: OutputValue }] : [],
  );
}
