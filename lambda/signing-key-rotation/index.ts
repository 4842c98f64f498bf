import { awsCaller } from '../shared/aws-call';
import { background } from '../shared/background';
import { patiently } from '../shared/patient-call';
import { type RotationEvent, rotate, type UpkeepEvent } from './rotate';

const JSON_1_1 = 'application/x-amz-json-1.1';

const secrets = patiently(
  awsCaller({
    name: 'secretsmanager',
    variable: 'SECRETS_MANAGER',
    target: 'secretsmanager',
    contentType: JSON_1_1,
  }),
);
const parameters = patiently(
  awsCaller({ name: 'ssm', variable: 'SSM', target: 'AmazonSSM', contentType: JSON_1_1 }),
);

export const handler = background((event: RotationEvent | UpkeepEvent): Promise<void> => {
  const parameter = process.env['PARAMETER'];
  if (!parameter) throw new Error('environment variable PARAMETER is not set');
  return rotate(event, { secrets, parameters, parameter, now: Date.now });
});
