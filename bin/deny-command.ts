import { hostname, userInfo } from 'node:os';
import { Command, Option } from 'commander';
import { DenyList } from '../lib/deny/deny-list';
import { ownAddress } from '../lib/deny/own-address';
import { callerOf, functionOfStack } from '../lib/deny/stack-function';
import type { AwsTarget } from '../lib/keys/aws-target';
import type { DeniedNetwork } from '../lib/protocol/threat-feed';
import { duration, withAws } from './aws-options';
import { dateOf, say, sayJson } from './output';
import { wrongUsage } from './wrong-usage';

interface Target extends AwsTarget {
  readonly stack?: string;
  readonly function?: string;
  readonly by: string;
  readonly json?: boolean;
}

interface AddArguments extends Target {
  readonly for: number;
  readonly reason: string;
  readonly ownAddress?: string;
  readonly force?: boolean;
}

export function denyCommand(): Command {
  // its commands inherit what to do on wrong usage
  const command = new Command('deny')
    .exitOverride()
    .description("The list of previous attackers of a deployed gateway's web ACL.");
  withTarget(command.command('add <network>'))
    .description('Refuses a network for a time.')
    .requiredOption('--for <time>', 'how long: 30m, 24h, 7d', duration)
    .requiredOption('--reason <text>', 'why, for the audit')
    .option('--own-address <address>', 'your own public address (default: asks checkip.amazonaws.com)')
    .option('--force', 'denies your own address or an exempt network all the same')
    .action(add);
  withTarget(command.command('remove <network>'))
    .description('Lets a network call again.')
    .requiredOption('--reason <text>', 'why, for the audit')
    .action(async (network: string, given: Target & { readonly reason: string }) =>
      print(await (await listOf(given)).remove(network, given.reason), given),
    );
  withTarget(command.command('list'))
    .description('Shows who is denied, why and until when.')
    .action(async (given: Target) => print(await (await listOf(given)).list(), given));
  withTarget(command.command('refresh'))
    .description('Fetches the threat feeds now.')
    .addOption(
      new Option('--force <feed...>', 'feeds whose new list is taken however much it shrank').default(
        [],
        'none',
      ),
    )
    .action(async (given: Target & { readonly force: readonly string[] }) =>
      (await listOf(given)).refresh(given.force),
    );

  return command;
}

function withTarget(command: Command): Command {
  return withAws(
    command
      .option('--stack <name>', 'stack of the gateway')
      .option('--function <name>', 'its threat-feed function, in place of --stack, or which of its functions')
      .option('--by <name>', 'who asks, for the audit', whoAsks()),
  );
}

/** In a container the user may have a number and no name. */
function whoAsks(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `uid ${process.getuid?.()}@${hostname()}`;
  }
}

async function add(network: string, given: AddArguments): Promise<void> {
  const { for: forSeconds, reason, force } = given;
  const list = await listOf(given, given.ownAddress);

  print(await list.add(network, { forSeconds, reason, force }), given);
}

async function listOf(given: Target, known?: string): Promise<DenyList> {
  const { stack, region, endpoint, by } = given;
  const target = { region, endpoint };
  const name = stack ? await functionOfStack(stack, target, given.function) : given.function;
  if (!name) {
    throw wrongUsage('name the gateway by --stack or --function');
  }

  return new DenyList({
    call: callerOf(name, target),
    ownAddress: async () => known ?? ownAddress(),
    by,
  });
}

function print(denied: readonly DeniedNetwork[], { json }: Target): void {
  if (json) sayJson({ denied });
  else if (denied.length === 0) say('nobody is denied');
  else for (const one of denied) say(lineOf(one));
}

function lineOf({ network, expiresAt, by, reason }: DeniedNetwork): string {
  return `${network.padEnd(44)} until ${dateOf(expiresAt)}  ${by}: ${reason}`;
}
