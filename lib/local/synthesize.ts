import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayConfigurationError } from '../errors';

export interface SynthesizeOptions {
  /** Command of the app, as in `cdk.json`. @default - the one of `cdk.json` */
  readonly app?: string;
  /** Folder the assembly is written to. */
  readonly output: string;
  /** Context beside that of `cdk.json` and `cdk.context.json`. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Folder of the app. @default - the current one */
  readonly directory?: string;
}

/**
 * Runs a CDK app as `cdk synth` does, without the CLI and without credentials. What the app prints is passed on
 * to stderr, so that its findings are seen and stdout stays ours.
 */
export async function synthesize(options: SynthesizeOptions): Promise<void> {
  const { output, directory = process.cwd() } = options;
  const project = readSettings(join(directory, 'cdk.json'));
  const app = options.app ?? project['app'];
  if (typeof app !== 'string')
    throw fail('NO_APP', 'there is no app to synthesize', "give --app '<command>'");

  const status = await run(app, directory, {
    ...process.env,
    CDK_OUTDIR: output,
    CDK_CONTEXT_JSON: JSON.stringify({
      ...contextOf(project),
      ...readSettings(join(directory, 'cdk.context.json')),
      ...options.context,
    }),
    // it judges what deploys; here it would only be slow
    CDK_VALIDATION: process.env['CDK_VALIDATION'] ?? 'false',
  });
  if (status !== 0) throw fail('SYNTHESIS_FAILED', `${app} ended with ${status}`, 'mend what it printed');
}

function run(
  app: string,
  directory: string,
  environment: NodeJS.ProcessEnv,
): Promise<number | NodeJS.Signals> {
  return new Promise((resolve, reject) => {
    const child = spawn(app, { cwd: directory, env: environment, shell: true, stdio: ['ignore', 2, 2] });
    child.once('error', reject);
    child.once('exit', (status, signal) => resolve(status ?? signal ?? 1));
  });
}

function readSettings(file: string): Readonly<Record<string, unknown>> {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

function contextOf({ context }: Readonly<Record<string, unknown>>): object {
  return typeof context === 'object' && context !== null ? context : {};
}

function fail(code: string, message: string, remedy: string): GatewayConfigurationError {
  return new GatewayConfigurationError([{ code, at: 'synthesis', message, remedy }]);
}
