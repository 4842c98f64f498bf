import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { ApiKeys, type NewKey } from '../lib/keys/api-keys';
import { findKeyTable, type KeyTableTarget } from '../lib/keys/find-key-table';
import type { KeyOrder } from '../lib/keys/key-order';
import type { KeyRecord } from '../lib/keys/key-record';
import { API_KEY_LABEL, apiKeyPattern } from '../lib/protocol/api-key';
import { duration, now, withAws } from './aws-options';
import { collected } from './collected';
import { isConfirmed } from './confirm';
import { dateOf, say, sayJson, tell } from './output';
import { addUsage } from './usage-command';

interface Target extends KeyTableTarget {
  readonly json?: boolean;
}

interface CreateArguments extends Target {
  readonly tenant: string;
  readonly tier?: string;
  readonly scope?: string[];
  readonly role?: string[];
  readonly cidr?: string[];
  readonly limit?: KeyOrder['limit'];
  readonly expires?: number | 'never';
}

interface ListArguments extends Target {
  readonly tenant?: string;
  readonly expiringWithin?: number;
}

export function keysCommand(): Command {
  // its commands inherit what to do on wrong usage
  const command = new Command('keys').exitOverride().description('API keys of a gateway: their whole life.');

  withTarget(command.command('create'))
    .description('Makes a key and shows it, this once.')
    .requiredOption('--tenant <name>', 'whose it is')
    .option('--tier <name>', 'the tier it is limited by')
    .option('--scope <scope...>', 'what it may do')
    .option('--role <role...>', 'roles it has')
    .option('--cidr <network...>', 'networks it works from (default: any)')
    .option('--limit <n/time>', 'an own exact limit, for example 100/60s', limit)
    .option('--expires <time>', 'how long it works: 90d, 12h, never (default: 90d)', expiry)
    .action(create);
  withTarget(command.command('rotate <id>'))
    .description('Makes a successor; the old key works for the overlap.')
    .requiredOption('--overlap <time>', 'how long the old key works still: 24h, 7d', duration)
    .action(async (id: string, given: Target & { readonly overlap: number }) =>
      printNew(await (await keysOf(given)).rotate(id, given.overlap), given),
    );
  withTarget(command.command('revoke <id>'))
    .description('Ends a key. Instances forget it within `revokeWithin`.')
    .option('--yes', 'do not ask')
    .action(revoke);
  withTarget(command.command('show <id>'))
    .description('Shows all that is known of a key, which is not the key.')
    .action(async (id: string, given: Target) => print([await (await keysOf(given)).show(id)], given));
  withTarget(command.command('list'))
    .description('Lists keys.')
    .option('--tenant <name>', 'of one tenant')
    .option('--expiring-within <time>', 'active ones that expire by then: 14d', duration)
    .action(list);
  addUsage(command);
  command
    .command('pattern')
    .description('Prints the regular expression by which secret scanners find keys.')
    .option('--prefix <prefix>', 'first part of the keys', label, 'sk')
    .option('--environment <environment>', 'second part of the keys', label, 'live')
    .action(({ prefix, environment }) => say(apiKeyPattern(prefix, environment)));

  return command;
}

function withTarget(command: Command): Command {
  return withAws(
    command
      .option('--stack <name>', 'stack of the key store')
      .option('--table <name>', 'its table, in place of --stack, or which of its tables')
      .option('--prefix <prefix>', 'first part of the keys (default with --table: sk)', label)
      .option('--environment <environment>', 'second part of the keys (default with --table: live)', label),
  );
}

async function create(given: CreateArguments): Promise<void> {
  const { tenant, tier, scope, role, cidr, limit, expires } = given;
  const expiresInSeconds = expires === 'never' ? null : expires;
  const order = { tenant, tier, scopes: scope, roles: role, cidrs: cidr, limit, expiresInSeconds };
  printNew(await (await keysOf(given)).create(order), given);
}

async function revoke(id: string, given: Target & { readonly yes?: boolean }): Promise<void> {
  const keys = await keysOf(given);
  const { tenant } = await keys.show(id);
  if (
    !given.yes &&
    !(await isConfirmed(`Revoke key ${id} of tenant ${tenant}? It cannot be undone. [y/N] `))
  ) {
    throw new CommanderError(2, 'keys.unconfirmed', 'not confirmed');
  }

  print([await keys.revoke(id)], given);
}

async function list(given: ListArguments): Promise<void> {
  const keys = await keysOf(given);
  const query = { tenant: given.tenant, expiringWithinSeconds: given.expiringWithin };
  const found = await collected(keys.list(query), 'keys');
  print(found, given);
}

async function keysOf(target: Target): Promise<ApiKeys> {
  return new ApiKeys({ ...(await findKeyTable(target)), now });
}

function printNew({ id, key, expiresAt }: NewKey, { json }: Target): void {
  if (json) {
    sayJson({ id, key, ...(expiresAt !== undefined && { expiresAt }) });
    return;
  }
  say(key);
  // the key alone goes to standard output, so that it can be piped into a secret store
  tell(
    `Key ${id}, ${expiresAt === undefined ? 'never expires' : `expires ${dateOf(expiresAt)}`}. It is shown this once.`,
  );
}

function print(keys: readonly KeyRecord[], { json }: Target): void {
  if (json) sayJson({ keys });
  else if (keys.length === 0) say('no keys');
  else for (const key of keys) say(lineOf(key));
}

function lineOf({
  id,
  tenant,
  tier,
  status,
  expiresAt,
  replacedBy,
  replaces,
  scopes = [],
}: KeyRecord): string {
  return [
    id,
    status.padEnd(7),
    expiresAt === undefined ? 'never expires'.padEnd(28) : `expires ${dateOf(expiresAt)}`,
    tenant,
    ...(tier ? [`tier ${tier}`] : []),
    ...(replaces ? [`replaces ${replaces}`] : []),
    ...(replacedBy ? [`replaced by ${replacedBy}`] : []),
    scopes.join(' '),
  ].join('  ');
}

// commander takes a null for a parser that failed
function expiry(text: string): number | 'never' {
  return text === 'never' ? text : duration(text);
}

function label(text: string): string {
  if (!API_KEY_LABEL.test(text)) {
    throw new InvalidArgumentError('write lower-case letters and digits, at most 16, the first a letter');
  }
  return text;
}

function limit(text: string): NonNullable<KeyOrder['limit']> {
  const [, count, seconds] = /^([1-9]\d{0,8})\/([1-9]\d{0,5})s$/.exec(text) ?? [];
  if (!count || !seconds) throw new InvalidArgumentError('write for example 100/60s');
  return { limit: Number(count), perSeconds: Number(seconds) };
}
