import { awsCaller } from '../shared/aws-call';
import { patiently } from '../shared/patient-call';
import { createHandler } from './handler';

const parameters = patiently(
  awsCaller({
    name: 'ssm',
    variable: 'SSM',
    target: 'AmazonSSM',
    contentType: 'application/x-amz-json-1.1',
  }),
);

export const handler = createHandler({
  read: async () => {
    const { Parameter } = await parameters('GetParameter', { Name: process.env['PARAMETER'] });
    return (Parameter as { readonly Value?: string } | undefined)?.Value;
  },
  now: Date.now,
});
