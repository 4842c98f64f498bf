import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { fetchJwksSnapshot } from '../lib/identity/fetch-jwks-snapshot';
import { say, sayJson } from './output';
import { usable } from './wrong-usage';

interface FetchOptions {
  readonly output?: string;
  readonly jwksUri?: string;
  readonly json?: true;
}

/** `secure-api-gateway jwks fetch`: writes the keys of an issuer to a file that is deployed with the gateway. */
export function jwksCommand(): Command {
  const fetchKeys = new Command('fetch')
    .exitOverride()
    .description('Writes a snapshot of the keys of an issuer, for JwksSnapshot.fromFile().')
    .argument('<issuer>', 'issuer, as tokens name it in iss')
    .option('-o, --output <file>', 'file to write (default: standard output)')
    .option('--jwks-uri <url>', 'where the keys are, if the issuer has no discovery document')
    .option('--json', 'print what was done as JSON')
    .action(run);
  return new Command('jwks').exitOverride().description('Keys of token issuers.').addCommand(fetchKeys);
}

async function run(issuer: string, { output, jwksUri, json }: FetchOptions): Promise<void> {
  const snapshot = await fetchJwksSnapshot({ issuer, jwksUri });
  if (output === undefined) {
    sayJson(snapshot, 2);
    return;
  }
  const text = `${JSON.stringify(snapshot, undefined, 2)}\n`;
  usable(output, 'written', (file) => writeFileSync(file, text));
  const { keys, fetchedAt } = snapshot;
  if (json) sayJson({ issuer, output, keys: keys.length, fetchedAt });
  else say(`wrote ${keys.length} keys of ${issuer} to ${output}; deploy them within 24 hours`);
}
