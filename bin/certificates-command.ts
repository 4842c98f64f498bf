import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { type CertificatesTarget, findCertificates } from '../lib/certificates/find-certificates';
import { nextSteps } from '../lib/certificates/rotation';
import { certificateByName, certificateInFile, type NamedCertificate } from '../lib/keys/certificate-name';
import type { RevokedCertificate } from '../lib/keys/certificate-table';
import { findKeyTable, type KeyTableTarget } from '../lib/keys/find-key-table';
import { RevokedCertificates } from '../lib/keys/revoked-certificates';
import { normalSerial } from '../lib/protocol/client-certificate';
import { now, withAws } from './aws-options';
import { isConfirmed } from './confirm';
import { dateOf, say, sayJson, tell } from './output';
import { usable, wrongUsage } from './wrong-usage';

interface Target extends Omit<KeyTableTarget, 'prefix' | 'environment'> {
  readonly json?: boolean;
}

interface RevokeArguments extends Target {
  readonly issuer?: string;
  readonly serial?: string;
  readonly reason?: string;
  readonly yes?: boolean;
}

export function certificatesCommand(): Command {
  // its commands inherit what to do on wrong usage
  const command = new Command('certificates')
    .exitOverride()
    .description('Client certificates: those of callers, and those the gateway shows to its services.');

  withTarget(command.command('revoke [file]'))
    .description('Ends a certificate: one in a PEM file, or one named by issuer and serial.')
    .option('--issuer <name or file>', 'distinguished name of its issuer, or the PEM file of its issuer')
    .option('--serial <serial>', 'its serial: 0x1A2B, 1a:2b, or dec:6699')
    .option('--reason <text>', 'why, for the audit')
    .option('--yes', 'do not ask')
    .action(revoke);
  withTarget(command.command('list')).description('Lists revoked certificates.').action(list);
  withAws(
    command
      .command('rotate')
      .description(
        'Shows the certificates that gateways show to their services, and the next step of a rotation.',
      )
      .requiredOption('--stack <name>', 'stack of the gateway')
      .option('--pem <file>', 'writes what services are to trust: all of them, in PEM'),
  ).action(rotate);

  return command;
}

function withTarget(command: Command): Command {
  return withAws(
    command
      .option('--stack <name>', 'stack of the key store')
      .option('--table <name>', 'its table, in place of --stack, or which of its tables'),
  );
}

async function revoke(file: string | undefined, given: RevokeArguments): Promise<void> {
  const named = certificateOf(file, given);
  const certificates = await certificatesOf(given);
  const { issuer, subject, serial } = named;
  const name = `${subject ?? 'the certificate'}, serial ${normalSerial(serial)} of ${issuer}`;
  if (!given.yes && !(await isConfirmed(`Revoke ${name}? It cannot be undone. [y/N] `))) {
    throw new CommanderError(2, 'certificates.unconfirmed', 'not confirmed');
  }

  const { certificate, isNew } = await certificates.revoke(named, given.reason);
  if (!isNew) tell('It was revoked before.');
  print([certificate], given);
}

function certificateOf(file: string | undefined, { issuer, serial }: RevokeArguments): NamedCertificate {
  if (file !== undefined && issuer === undefined && serial === undefined) {
    if (existsSync(file)) return certificateInFile(file, textOf(file));
    throw wrongUsage(`there is no file ${file}`);
  }
  if (file === undefined && issuer !== undefined && serial !== undefined) {
    return certificateByName(existsSync(issuer) ? textOf(issuer) : issuer, serial);
  }
  throw wrongUsage('name the certificate by its file, or by --issuer and --serial');
}

const textOf = (file: string) => usable(file, 'read', (path) => readFileSync(path, 'utf8'));

async function list(given: Target): Promise<void> {
  const found: RevokedCertificate[] = [];
  for await (const page of (await certificatesOf(given)).list()) found.push(...page);
  print(found, given);
}

async function certificatesOf(target: Target): Promise<RevokedCertificates> {
  const { table } = await findKeyTable(target);
  return new RevokedCertificates(table.certificates, now);
}

async function rotate(given: CertificatesTarget & { readonly json?: boolean; readonly pem?: string }) {
  const certificates = await findCertificates(given);
  const next = nextSteps(certificates, now());
  if (given.pem !== undefined) {
    const pem = certificates.map((one) => `${one.pem.trim()}\n`).join('');
    usable(given.pem, 'written', (file) => writeFileSync(file, pem));
  }
  if (given.json) {
    sayJson({ certificates, next });
    return;
  }
  for (const { name, gateway, isInUse, createdAt, expiresAt, id } of certificates) {
    const use = isInUse ? 'in use    ' : 'not in use';
    say(`${name}  ${use}  made ${dateOf(createdAt)}  expires ${dateOf(expiresAt)}  ${id}  ${gateway}`);
  }
  for (const { gateway, instruction } of next) say(`${gateway}: ${instruction}`);
}

function print(certificates: readonly RevokedCertificate[], { json }: Target): void {
  if (json) sayJson({ certificates });
  else if (certificates.length === 0) say('no certificate is revoked');
  else for (const certificate of certificates) say(lineOf(certificate));
}

function lineOf({ serial, issuer, subject, revokedAt, expiresAt, reason }: RevokedCertificate): string {
  return [
    serial,
    `revoked ${dateOf(revokedAt)}`,
    ...(expiresAt === undefined ? [] : [`expires ${dateOf(expiresAt)}`]),
    ...(subject ? [subject] : []),
    `issued by ${issuer}`,
    ...(reason ? [`(${reason})`] : []),
  ].join('  ');
}
