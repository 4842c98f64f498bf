import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  SENSITIVE_OPERATIONS_FILE,
  type SensitiveUseConfiguration,
  WATCH_CONFIGURATION,
} from '../../lib/protocol/watches';
import { awsCaller } from '../shared/aws-call';
import { background } from '../shared/background';
import { createHandler } from './handler';

export const handler = background(
  createHandler({
    configuration: JSON.parse(process.env[WATCH_CONFIGURATION] ?? '') as SensitiveUseConfiguration,
    operations: JSON.parse(readFileSync(join(__dirname, SENSITIVE_OPERATIONS_FILE), 'utf8')) as string[],
    logs: awsCaller({
      name: 'logs',
      variable: 'CLOUDWATCH_LOGS',
      target: 'Logs_20140328',
      contentType: 'application/x-amz-json-1.1',
    }),
    wait: setTimeout,
    now: () => Date.now(),
    write: (line) => process.stdout.write(line),
  }),
);
