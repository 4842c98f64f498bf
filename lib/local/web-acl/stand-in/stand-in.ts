import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WebAclRequest } from '../index';
import { logOf, rulesConfiguration, serverConfiguration, socketOf, VERDICT } from './configuration';
import type { Finding } from './groups';
import { NGINX, SETPRIV, type StandInPackages } from './packages';

const STARTING_MILLIS = 20_000;
const POLLING_MILLIS = 20;
const LONGEST_ANSWER_MILLIS = 10_000;

/** What concerns one connection only, or is written anew for the part of the body that is looked at. */
const OF_THE_CONNECTION = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * nginx with ModSecurity and the OWASP Core Rule Set, in front of nothing: it is asked what it makes of a request,
 * and the web ACL decides what that means. It dies with the process that started it.
 */
export class StandIn {
  public static async start(packages: StandInPackages): Promise<StandIn> {
    const folder = mkdtempSync(join(tmpdir(), 'waf-stand-in-'));
    writeFileSync(join(folder, 'nginx.conf'), serverConfiguration(folder));
    writeFileSync(join(folder, 'rules.conf'), rulesConfiguration(packages));
    const standIn = new StandIn(folder, packages);
    try {
      await standIn.untilReady();
    } catch (cause) {
      await standIn.close();
      throw cause;
    }

    return standIn;
  }

  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });
  private readonly child: ChildProcess;
  private readonly removeFolder = () => rmSync(this.folder, { recursive: true, force: true });

  private constructor(
    private readonly folder: string,
    private readonly packages: StandInPackages,
  ) {
    const nginx = [NGINX, '-e', logOf(folder), '-c', join(folder, 'nginx.conf')];
    // without a word, should this process be killed
    this.child = spawn(SETPRIV, ['--pdeathsig', 'KILL', ...nginx], { stdio: 'ignore', cwd: folder, env: {} });
    process.once('exit', this.removeFolder);
  }

  public get processId(): number | undefined {
    return this.child.pid;
  }

  /** What the rules make of a request, of whose body they see as much as AWS WAF would. */
  public async ask(request: WebAclRequest, inspectedBytes: number): Promise<Finding> {
    const { statusCode = 0, headers } = await this.send(request, request.body.subarray(0, inspectedBytes));
    const { location = '' } = headers;
    if (location.startsWith(VERDICT)) return { scores: this.scoresOf(location.slice(VERDICT.length)) };
    // what nginx itself does not read would not have come past it
    if (statusCode >= 400 && statusCode < 500) return { scores: new Map(), unread: `nginx ${statusCode}` };

    throw new Error(`the stand-in for managed groups gave no verdict: nginx answered ${statusCode}`);
  }

  public async close(): Promise<void> {
    this.agent.destroy();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await ended;
    }
    process.removeListener('exit', this.removeFolder);
    this.removeFolder();
  }

  private scoresOf(matched: string): ReadonlyMap<number, number> {
    const rules = matched
      .split(/\D+/)
      .filter((number) => number !== '')
      .map(Number);

    return new Map(
      rules.flatMap((rule) => {
        const score = this.packages.scores.get(rule);
        return score === undefined ? [] : [[rule, score] as const];
      }),
    );
  }

  private send({ method, path, rawQuery, headers }: WebAclRequest, body: Buffer): Promise<IncomingMessage> {
    const own = headers.filter(([name]) => !OF_THE_CONNECTION.has(name.toLowerCase())).flat();

    return new Promise((resolve, reject) => {
      const asked = send({
        socketPath: socketOf(this.folder),
        agent: this.agent,
        method,
        path: rawQuery === '' ? path : `${path}?${rawQuery}`,
        headers: body.length > 0 ? [...own, 'Content-Length', String(body.length)] : own,
        timeout: LONGEST_ANSWER_MILLIS,
      });
      asked.on('timeout', () => asked.destroy(new Error('no answer in time')));
      asked.on('error', (cause) =>
        reject(new Error(`the stand-in for managed groups cannot be asked: ${cause.message}`)),
      );
      asked.on('response', (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer));
        answer.on('error', reject);
      });
      asked.end(body);
    });
  }

  private async untilReady(): Promise<void> {
    const deadline = Date.now() + STARTING_MILLIS;
    while (Date.now() < deadline) {
      if (this.child.exitCode !== null) break;
      if (existsSync(socketOf(this.folder)) && (await this.isAnswering())) return;
      await new Promise((done) => setTimeout(done, POLLING_MILLIS));
    }
    const log = existsSync(logOf(this.folder)) ? readFileSync(logOf(this.folder), 'utf8') : '';

    throw new Error(`the stand-in for managed groups did not start: ${log.trim() || 'nginx said nothing'}`);
  }

  private async isAnswering(): Promise<boolean> {
    const probe = { method: 'GET', path: '/', rawQuery: '', headers: [['Host', 'probe']] as const };

    return this.ask({ ...probe, body: Buffer.alloc(0), sourceIp: '127.0.0.1' }, 0).then(
      () => true,
      () => false,
    );
  }
}
