import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  THREAT_FEED_FILE,
  THREAT_FEED_RESOURCES,
  type ThreatFeedConfiguration,
  type ThreatFeedResources,
} from '../../lib/protocol/threat-feed';
import { awsCaller } from '../shared/aws-call';
import { background } from '../shared/background';
import { DYNAMODB } from '../shared/dynamodb';
import { patiently } from '../shared/patient-call';
import { FeedStore } from './feed-store';
import { fetchFeed } from './fetch-feed';
import { createHandler } from './handler';
import { IpSets } from './ip-sets';
import { logLine } from './log';

const configuration: ThreatFeedConfiguration = JSON.parse(
  readFileSync(join(__dirname, THREAT_FEED_FILE), 'utf8'),
);
const resources: ThreatFeedResources = JSON.parse(process.env[THREAT_FEED_RESOURCES] ?? '');

/** The function has two minutes, and sleeps for as long between two runs as connections live. */
const PATIENCE = { timeLimitMillis: 20_000, attemptMillis: 5_000 };

const wafv2 = awsCaller({
  name: 'wafv2',
  variable: 'WAFV2',
  target: 'AWSWAF_20190729',
  contentType: 'application/x-amz-json-1.1',
});
const dynamodb = awsCaller(DYNAMODB);
const sets = new IpSets(patiently(wafv2, Math.random, PATIENCE), setTimeout);

export const handler = background(
  createHandler({
    configuration,
    resources,
    fetchFeed: (url) => fetchFeed(url),
    store: new FeedStore(patiently(dynamodb, Math.random, PATIENCE), resources.table),
    writeSet: (set, wanted) => sets.write(set, wanted),
    // console.log would put the runtime's prefix before the line, and JSON is what metrics are read from
    log: (line) => process.stdout.write(logLine(line)),
    functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? '',
    now: () => Math.floor(Date.now() / 1000),
  }),
);
