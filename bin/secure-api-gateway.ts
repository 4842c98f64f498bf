#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { GatewayConfigurationError } from '../lib/errors';
import { explainAws } from '../lib/keys/explain-aws';
import { certificatesCommand } from './certificates-command';
import { denyCommand } from './deny-command';
import { explainCommand } from './explain-command';
import { jwksCommand } from './jwks-command';
import { keysCommand } from './keys-command';
import { localCommand } from './local-command';
import { tell } from './output';
import { reviewCommand } from './review-command';
import { tenantsCommand } from './tenants-command';

/** Exit codes: fine, findings, wrong usage. */
const FINDINGS = 1;
const USAGE = 2;

const program = new Command('secure-api-gateway')
  .description('Runs, explains and reviews a gateway of cdk-secure-api-gateway.')
  .version(packageVersion())
  .addCommand(localCommand())
  .addCommand(explainCommand())
  .addCommand(reviewCommand())
  .addCommand(denyCommand())
  .addCommand(keysCommand())
  .addCommand(tenantsCommand())
  .addCommand(certificatesCommand())
  .addCommand(jwksCommand())
  .showHelpAfterError()
  .exitOverride();
for (const command of program.commands) command.exitOverride();

// whoever reads may have had enough: `keys list | head`
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') tell(`error: standard output: ${code}`);
  process.exit(FINDINGS);
});

program.parseAsync().catch((error: unknown) => {
  process.exitCode = exitCodeOf(error);
});

/** Prints what went wrong, unless commander has, and tells the exit code. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;

  const explained = explainAws(error, 'AWS');
  tell(explained instanceof GatewayConfigurationError ? explained.message : inspect(explained));
  return FINDINGS;
}

// this file runs from bin/ here and from dist/bin/ when installed
function packageVersion(): string {
  const file = ['..', '../..']
    .map((up) => join(__dirname, up, 'package.json'))
    .find((path) => existsSync(path));
  return file ? JSON.parse(readFileSync(file, 'utf8')).version : 'unknown';
}
