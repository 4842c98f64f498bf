import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayConfigurationError } from '../errors';
import { objectOf } from './template/read';

export interface SynthesizeOptions {
  /** Command of the app, as in `cdk.json`. @default - the one of `cdk.json` */
  readonly app?: string;
  /** Folder the assembly is written to. */
  readonly output: string;
  /** Context beside that of `cdk.json` and `cdk.context.json`. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Folder of the app. @default - the current one */
  readonly directory?: string;
  /** Passes on what the app prints only if it fails. @default false */
  readonly quiet?: boolean;
}

/**
 * Runs a CDK app as `cdk synth` does, without the CLI and without credentials. What the app prints goes to
 * stderr, so that its findings are seen and stdout stays ours.
 */
export async function synthesize(options: SynthesizeOptions): Promise<void> {
  const { output, directory = process.cwd(), quiet = false } = options;
  const project = readSettings(join(directory, 'cdk.json'));
  const app = options.app ?? project['app'];
  if (typeof app !== 'string')
    throw fail('NO_APP', 'there is no app to synthesize', "give --app '<command>'");

  const { status, said } = await run(app, {
    cwd: directory,
    env: {
      ...process.env,
      CDK_OUTDIR: output,
      CDK_CONTEXT_JSON: JSON.stringify({
        ...contextOf(project),
        ...readSettings(join(directory, 'cdk.context.json')),
        ...options.context,
      }),
      // it judges what deploys; here it would only be slow
      CDK_VALIDATION: process.env['CDK_VALIDATION'] ?? 'false',
    },
  });
  if (!quiet || status !== 0) process.stderr.write(said);
  if (status !== 0) throw fail('SYNTHESIS_FAILED', `${app} ended with ${status}`, 'mend what it printed');
}

interface Ending {
  readonly status: number | NodeJS.Signals;
  readonly said: string;
}

function run(
  app: string,
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(app, { ...options, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (status, signal) => {
      resolve({ status: status ?? signal ?? 1, said: Buffer.concat(chunks).toString() });
    });
  });
}

function readSettings(file: string): Readonly<Record<string, unknown>> {
  if (!existsSync(file)) return {};
  try {
    return objectOf(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw fail('BAD_SETTINGS', `${file} cannot be read (${reason})`, 'mend it: `cdk` cannot read it either');
  }
}

function contextOf({ context }: Readonly<Record<string, unknown>>): object {
  return typeof context === 'object' && context !== null ? context : {};
}

function fail(code: string, message: string, remedy: string): GatewayConfigurationError {
  return new GatewayConfigurationError([{ code, at: 'synthesis', message, remedy }]);
}
