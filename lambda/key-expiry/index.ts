import { type KeyExpiryConfiguration, WATCH_CONFIGURATION } from '../../lib/protocol/watches';
import { awsCaller } from '../shared/aws-call';
import { background } from '../shared/background';
import { createHandler } from './handler';

export const handler = background(
  createHandler({
    configuration: JSON.parse(process.env[WATCH_CONFIGURATION] ?? '') as KeyExpiryConfiguration,
    dynamodb: awsCaller({
      name: 'dynamodb',
      variable: 'DYNAMODB',
      target: 'DynamoDB_20120810',
      contentType: 'application/x-amz-json-1.0',
    }),
    now: () => Date.now(),
    write: (line) => process.stdout.write(line),
  }),
);
