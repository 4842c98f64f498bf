import { Command, InvalidArgumentError, Option } from 'commander';
import colors from 'picocolors';
import type { IdentityProvider } from '../lib/local/identity-provider';
import type { LocalGateway, RequestRecord } from '../lib/local/index';
import { requestLine } from '../lib/local/request-line';
import { serve } from '../lib/local/serve';
import { visible } from '../lib/visible';
import { sayJson, sayLines, tell } from './output';
import { wrongUsage } from './wrong-usage';

interface Arguments {
  readonly app?: string;
  readonly stack?: string;
  readonly port: number;
  readonly controlPort?: number;
  readonly backend: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, string>>;
  readonly idp?: boolean;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly tls?: boolean;
  readonly dynamodb: 'dynalite' | 'local';
  readonly crs?: boolean;
  readonly countries?: string;
  readonly asns?: string;
  readonly watch?: boolean;
  readonly json?: boolean;
}

export function localCommand(): Command {
  return new Command('local')
    .description('Synthesizes a CDK app and serves its gateway on this machine, as it would deploy.')
    .option('--app <command>', "command of the app (default: cdk.json's)")
    .option('--stack <name>', 'stack to serve (default: the only one with a REST API)')
    .option('--port <port>', 'port on 127.0.0.1, 0 for any', count, 8080)
    .option('--control-port <port>', 'port of GET /requests, for tools', count)
    .addOption(
      new Option('--backend <name=url>', 'where a private service runs here; repeat for more')
        .argParser(pair)
        .default({}, 'none'),
    )
    .addOption(
      new Option('-c, --context <key=value>', 'context for the app; repeat for more')
        .argParser(pair)
        .default({}, 'none'),
    )
    .option('--idp', "starts an OpenID provider, and gives the app its address as context 'issuer'")
    .option('--audience <name>', "audience of that provider's tokens, given to the app as context", 'local')
    .addOption(
      new Option('--scopes <names>', "scopes of that provider's tokens, with commas")
        .argParser(list)
        .default([], 'none'),
    )
    .option('--tls', 'serves TLS with a throw-away certificate')
    .option('--dynamodb <engine>', 'dynalite, or local for DynamoDB Local (Java)', engine, 'dynalite')
    .option('--crs', "nginx with ModSecurity and the OWASP rules stands in for AWS's managed rule groups")
    .option('--countries <file>', 'MaxMind database, for rules on countries')
    .option('--asns <file>', 'MaxMind database, for rules on autonomous systems')
    .option('--watch', 'serves anew when a file of the app changes')
    .option('--json', 'one JSON object a line: what was started, then each request')
    .action(run);
}

async function run(given: Arguments, command: Command): Promise<void> {
  const idle = ['audience', 'scopes'].filter((name) => command.getOptionValueSource(name) === 'cli');
  if (!given.idp && idle.length > 0) {
    throw wrongUsage(`without --idp there is no provider that --${idle.join(' and --')} would be for`);
  }

  const report = given.json ? jsonReport : textReport;
  const served = await serve({
    app: given.app,
    stackName: given.stack,
    port: given.port,
    controlPort: given.controlPort,
    backends: given.backend,
    context: given.context,
    dynamodb: given.dynamodb,
    watch: given.watch,
    crs: given.crs ?? false,
    geo: {
      ...(given.countries !== undefined && { country: given.countries }),
      ...(given.asns !== undefined && { asn: given.asns }),
    },
    ...(given.tls && { tls: {} }),
    ...(given.idp && { identityProvider: { audience: given.audience, scopes: given.scopes } }),
    onStart: async (gateway, provider) => {
      report.started(gateway, provider, await provider?.token({ subject: 'local', scopes: given.scopes }));
    },
    onRequest: report.request,
    onFailure: (cause) => tell(cause instanceof Error ? cause.message : String(cause)),
  });

  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  await served.close();
}

const textReport = {
  started: (gateway: LocalGateway, provider?: IdentityProvider, token?: string) => {
    sayLines(`\n${gateway.url}`);
    for (const sentence of gateway.ignored) sayLines(colors.dim(visible(`not as deployed: ${sentence}`)));
    const { services, dynamodb, tables } = gateway.endpoints;
    const ofTables = dynamodb
      ? `, of other keys commands ${dynamodb}; for --table: ${tables.join(', ')}`
      : '';
    sayLines(colors.dim(visible(`for --endpoint: of keys usage ${services}${ofTables}`)));
    if (provider) sayLines(`issuer: ${provider.issuer}\nTOKEN=${token}`);
    sayLines('');
  },
  request: (record: RequestRecord) => sayLines(requestLine(record, colors)),
};

const jsonReport = {
  started: (gateway: LocalGateway, provider?: IdentityProvider, token?: string) => {
    const { url, ignored, endpoints } = gateway;
    const { services, dynamodb, tables } = endpoints;
    sayJson({ event: 'started', url, ignored, services, dynamodb, tables, issuer: provider?.issuer, token });
  },
  request: (record: RequestRecord) => sayJson({ event: 'request', ...record }),
};

function count(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535) throw new InvalidArgumentError('write a port from 0 to 65535');
  return number;
}

function pair(text: string, previous: Readonly<Record<string, string>>): Record<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('write name=value');
  return { ...previous, [name]: value };
}

function list(text: string): string[] {
  return text.split(',').filter((item) => item !== '');
}

function engine(text: string): 'dynalite' | 'local' {
  if (text !== 'dynalite' && text !== 'local') throw new InvalidArgumentError("write 'dynalite' or 'local'");
  return text;
}
