import { setTimeout } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { type AwsTarget, clientOptions } from '../lib/keys/aws-target';
import { KeyUsage, type UsageRow } from '../lib/keys/key-usage';
import { importPeer } from '../lib/local/optional-peer';
import { visible } from '../lib/visible';
import { duration, now, withAws } from './aws-options';
import { say, sayJson } from './output';

interface Arguments extends AwsTarget {
  readonly stack: string;
  readonly key?: string;
  readonly tenant?: string;
  readonly since: number;
  readonly json?: boolean;
}

/** Adds `usage` to the commands on keys. */
export function addUsage(keys: Command): void {
  withAws(
    keys
      .command('usage')
      .description("Shows what a key or a tenant did, out of the access log: runs the gateway's saved query.")
      .requiredOption('--stack <name>', 'stack of the gateway')
      .option('--key <id>', 'id of a key')
      .option('--tenant <name>', 'a tenant, all its keys')
      .addOption(
        new Option('--since <time>', 'how far back: 30m, 24h, 7d').argParser(duration).default(86_400, '24h'),
      ),
    "in place of CloudWatch Logs' own: the services of a local gateway",
  ).action(usage);
}

async function usage({ region, endpoint, json, since, ...question }: Arguments): Promise<void> {
  const { CloudWatchLogsClient } = await importPeer(
    '@aws-sdk/client-cloudwatch-logs',
    import('@aws-sdk/client-cloudwatch-logs'),
  );
  const usages = new KeyUsage({
    client: new CloudWatchLogsClient(clientOptions({ region, endpoint })),
    now,
    wait: setTimeout,
  });
  const rows = await usages.ask({ ...question, sinceSeconds: since });
  if (json) sayJson({ usage: rows });
  else if (rows.length === 0) say('no requests');
  else for (const line of tableOf(rows)) say(line);
}

/** Columns as wide as what stands in them. */
function tableOf(rows: readonly UsageRow[]): string[] {
  const names = [...new Set(rows.flatMap(Object.keys))];
  const lines = [names, ...rows.map((row) => names.map((name) => visible(row[name] ?? '')))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
