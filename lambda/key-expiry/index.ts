import { type KeyExpiryConfiguration, WATCH_CONFIGURATION } from '../../lib/protocol/watches';
import { awsCaller } from '../shared/aws-call';
import { background } from '../shared/background';
import { DYNAMODB } from '../shared/dynamodb';
import { createHandler } from './handler';

export const handler = background(
  createHandler({
    configuration: JSON.parse(process.env[WATCH_CONFIGURATION] ?? '') as KeyExpiryConfiguration,
    dynamodb: awsCaller(DYNAMODB),
    now: () => Date.now(),
    write: (line) => process.stdout.write(line),
  }),
);
