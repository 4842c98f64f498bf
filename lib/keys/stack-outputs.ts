import { importPeer } from '../local/optional-peer';
import { explainAws, type Refusals } from './key-error';

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
      throw explainAws(cause, stack, OF_STACK);
    });
  return Stacks.flatMap(({ Outputs = [] }) => Outputs).flatMap(({ Description, OutputValue }) =>
    Description && OutputValue ? [{ description: Description, value: OutputValue }] : [],
  );
}

const OF_STACK: Refusals = {
  AccessDenied: {
    code: 'NO_PERMISSION',
    message: 'AWS does not let you read the outputs of this stack',
    remedy: 'use a role that may cloudformation:DescribeStacks, or name what you mean without --stack',
  },
  // CloudFormation's word for it
  ValidationError: {
    code: 'NO_SUCH_STACK',
    message: 'there is no such stack in this account and region',
    remedy: 'check --stack, --region, and the account you are signed in to',
  },
};
