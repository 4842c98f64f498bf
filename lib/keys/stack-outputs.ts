import { importPeer } from '../local/optional-peer';
import { type AwsTarget, clientOptions } from './aws-target';
import { explainAws, notAws, type Refusals } from './explain-aws';

export interface StackOutput {
  readonly description: string;
  readonly value: string;
}

/** Outputs of a deployed stack that have a description. */
export async function stackOutputs(stack: string, target: AwsTarget): Promise<StackOutput[]> {
  const { CloudFormationClient, DescribeStacksCommand } = await importPeer(
    '@aws-sdk/client-cloudformation',
    import('@aws-sdk/client-cloudformation'),
  );
  const { Stacks } = await new CloudFormationClient(clientOptions(target))
    .send(new DescribeStacksCommand({ StackName: stack }))
    .catch((cause: unknown) => {
      throw explainAws(cause, stack, OF_STACK);
    });
  // it says so in another way where there is none
  if (!Stacks) throw notAws(stack, 'it describes no stack');
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
