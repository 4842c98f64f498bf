/**
 * What `npm start` runs: the sample behind its gateway, on this machine.
 *
 * `npm start -- --tour` sends a round of requests instead, says what became of each, and ends. `--port` moves the
 * gateway from 8080. With `--crs` the OWASP rules stand in for AWS's managed groups.
 */
import { parseArgs } from 'node:util';
import colors from 'picocolors';
import { GatewayConfigurationError } from '../../../lib/errors';
import { requestLine } from '../../../lib/local/request-line';
import { REVOKE_WITHIN_SECONDS } from './key-life';
import { requestsOf, runTour, tableOf } from './run-tour';
import { startSample } from './sample';
import { stops } from './tour';
import { welcome } from './welcome';

const USAGE = 'npm start -- [--tour] [--port <port>] [--crs]';

// Node 20 does all that is needed here; the SDK would fill the screen with advice
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

async function tour(crs: boolean): Promise<number> {
  const sample = await startSample({ crs, revokeWithinSeconds: REVOKE_WITHIN_SECONDS });
  const outcomes = await runTour(sample, stops(sample));
  await sample.close();

  const requests = requestsOf(outcomes);
  const wrong = requests.filter(({ asExpected }) => !asExpected).length;
  console.log(`${tableOf(outcomes)}\n`);
  console.log(`${requests.length - wrong} of ${requests.length} requests came out as expected`);
  return wrong === 0 ? 0 : 1;
}

async function serve(port: number, crs: boolean): Promise<void> {
  const sample = await startSample({
    port,
    crs,
    onRequest: (record) => console.log(requestLine(record, colors)),
  });
  console.log(welcome(sample));

  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  await sample.close();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tour: { type: 'boolean' },
      crs: { type: 'boolean', default: false },
      port: { type: 'string', default: '8080' },
    },
  });
  if (values.tour) process.exitCode = await tour(values.crs);
  else await serve(Number(values.port), values.crs);
}

main().catch((error: NodeJS.ErrnoException) => {
  const isOurs = error instanceof GatewayConfigurationError;
  const isUsage = error.code?.startsWith('ERR_PARSE_ARGS') || error.code === 'ERR_SOCKET_BAD_PORT';
  console.error(isUsage ? `${error.message}\n${USAGE}` : isOurs ? error.message : error.stack);
  process.exitCode = isUsage ? 2 : 1;
});
