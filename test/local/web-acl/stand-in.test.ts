import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { GatewayConfigurationError } from '../../../lib/errors';
import { serverConfiguration } from '../../../lib/local/web-acl/stand-in/configuration';
import { refusals } from '../../../lib/local/web-acl/stand-in/groups';
import { findPackages, MODULE, NGINX, RULES } from '../../../lib/local/web-acl/stand-in/packages';
import { StandIn } from '../../../lib/local/web-acl/stand-in/stand-in';
import { whereInstalled } from '../../fixtures/installed';
import { type Running, run } from '../running';
import { proxied } from '../template';
import { requestOf } from './acl';
import { guarded } from './stand-in-acl';

const PACKAGES = 'nginx-light, libnginx-mod-http-modsecurity and modsecurity-crs';
const withPackages = whereInstalled([NGINX, MODULE, RULES].every(existsSync), PACKAGES);

const SQL = `GET /orders?id=${encodeURIComponent("1' OR '1'='1")}`;
const from = (address: string, more = {}) => ({ headers: { 'x-test-address': address, ...more } });
const script = (before = '') => ({
  headers: { 'content-type': 'application/json' },
  body: `{"${before}":["<script>alert(1)</script>"]}`,
});

/** A request written as it is, and the status line that came back. */
function raw(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text, 'latin1'));
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('end', () => resolve(answer.split('\r\n')[0] ?? ''));
    socket.on('error', reject);
  });
}

/** The kernel ends it at once. */
async function untilGone(processId: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const state = await readFile(`/proc/${processId}/stat`, 'utf8').catch(() => ') Z');
    if (/\) [ZX]/.test(state)) return;
    await setImmediate();
  }
  process.kill(processId);
  throw new Error('it goes on without its gateway');
}

describe('the stand-in for managed groups', () => {
  let running: Running;
  const last = () => running.gateway.requests().at(-1);
  const noted = () => last()?.stages.find(({ stage }) => stage === 'firewall')?.rule;

  beforeAll(async () => {
    if (withPackages === test) running = await guarded();
  });
  afterAll(() => running?.close());

  withPackages('refuses as the group would, and the record says who decided', async () => {
    const { gateway, send, backend } = running;
    const before = backend.received.length;

    const refused = await send(SQL);

    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.text)).toEqual({ code: 'REQUEST_BLOCKED' });
    expect(last()).toMatchObject({
      refusedBy: 'firewall',
      responseType: 'WAF_FILTERED',
      rule: expect.stringMatching(/^sql \(OWASP CRS [\d.]+ in its place: 942\d{3}/),
    });
    expect(backend.received).toHaveLength(before);
    const [line] = gateway.logs('aws-waf-logs-orders').slice(-1);
    expect(JSON.parse(line?.line ?? '')).toMatchObject({
      action: 'BLOCK',
      terminatingRuleId: 'sql',
      terminatingRuleType: 'MANAGED_RULE_GROUP',
      ruleGroupList: expect.arrayContaining([
        {
          ruleGroupId: 'AWS#AWSManagedRulesSQLiRuleSet',
          terminatingRule: {
            ruleId: expect.stringMatching(/^OWASP CRS/),
            action: 'BLOCK',
            ruleMatchDetails: null,
          },
          nonTerminatingMatchingRules: [],
          excludedRules: null,
        },
      ]),
    });
  });

  withPackages('is named in the banner, and what it cannot stand in for stays named as not run', () => {
    const { ignored } = running.gateway;

    expect(ignored).toContainEqual(
      expect.stringMatching(
        /^managed group AWSManagedRulesSQLiRuleSet \(OWASP CRS [\d.]+ stands in for it\)$/,
      ),
    );
    expect(ignored).toContain('managed group AWSManagedRulesAmazonIpReputationList');
  });

  withPackages.each(['GET', 'PUT', 'DELETE'])(
    'lets an ordinary %s pass, and is named in its record',
    async (method) => {
      expect((await running.send(`${method} /orders?page=2`)).status).toBe(200);
      expect(noted()).toMatch(
        /OWASP CRS [\d.]+ stood in for: AWSManagedRulesPHPRuleSet, AWSManagedRulesCommonRuleSet, AWSManagedRulesSQLiRuleSet; not evaluated: managed group AWSManagedRulesAmazonIpReputationList/,
      );
    },
  );

  withPackages('looks into JSON, as far as AWS WAF looks into a body', async () => {
    const { send } = running;

    expect((await send('POST /orders', script())).status).toBe(403);
    expect(last()?.rule).toMatch(/^common \(OWASP CRS .*941/);
    expect((await send('POST /orders', script('x'.repeat(16_384)))).status).toBe(200);
  });

  withPackages('stays out where a label exempts from its group, and only there', async () => {
    const { send } = running;

    expect((await send(SQL, from('192.0.2.9'))).status).toBe(200);
    expect(noted()).not.toContain('SQLi');
    expect((await send('GET /orders?q=%3Cscript%3Ealert(1)%3C/script%3E', from('192.0.2.9'))).status).toBe(
      403,
    );
  });

  withPackages('decides in the place of its group: not before a rule of higher priority', async () => {
    expect((await running.send(SQL, from('203.0.113.9'))).status).toBe(403);
    expect(last()).toMatchObject({ rule: 'deny' });
  });

  withPackages('only counts where the group does', async () => {
    expect((await running.send(`GET /orders?f=${encodeURIComponent('<?php phpinfo(); ?>')}`)).status).toBe(
      200,
    );
    expect(noted()).toMatch(/^counted: php \(OWASP CRS [\d.]+ in its place: 933/);
    expect(running.gateway.metrics().webAcl).toMatchObject({ Php: { counted: 1 } });
  });

  withPackages.each([
    ['a header with an underscore', 'GET /prod/orders HTTP/1.1\r\nX_Id: 1', 'HTTP/1.1 200'],
    ['many headers of one name', `GET /prod/orders HTTP/1.1${'\r\nA: b'.repeat(300)}`, 'HTTP/1.1 200'],
    ['bytes that are no text', 'GET /prod/orders?a=%ff%fe HTTP/1.1\r\nX-A: \xff\xfe', 'HTTP/1.1 200'],
  ])('survives %s', async (_, start, status) => {
    const { gateway } = running;

    expect(await raw(gateway.url, `${start}\r\nHost: a\r\nConnection: close\r\n\r\n`)).toContain(status);
  });

  withPackages('is the refusal of nginx where it does not read a request', async () => {
    await raw(running.gateway.url, 'GET /prod/orders%00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');

    expect(last()).toMatchObject({
      status: 403,
      responseType: 'WAF_FILTERED',
      rule: expect.stringMatching(/^common \(OWASP CRS .*: nginx 400\)$/),
    });
  });

  withPackages('lets nothing pass once it is gone, and goes with its gateway', async () => {
    const packages = findPackages();
    const standIn = await StandIn.start(packages);
    const { processId = 0 } = standIn;
    expect(await standIn.ask(requestOf({ headers: [['Host', 'a']] }), 0)).toEqual({ scores: new Map() });

    await standIn.close();

    expect(() => process.kill(processId, 0)).toThrow('ESRCH');
    await expect(standIn.ask(requestOf(), 0)).rejects.toThrow('cannot be asked');
    const own = await guarded();
    await own.gateway.close();
    await expect(own.send(SQL)).rejects.toThrow();
    await own.close();
  });

  withPackages('dies with a gateway that is killed', async () => {
    const file = join(__dirname, '../../../lib/local/web-acl/stand-in');
    const program = `
      const { StandIn } = require(${JSON.stringify(join(file, 'stand-in.ts'))});
      const { findPackages } = require(${JSON.stringify(join(file, 'packages.ts'))});
      StandIn.start(findPackages()).then(({ processId }) => console.log(processId));`;
    const folder = mkdtempSync(join(tmpdir(), 'killed-'));
    const env = { ...process.env, TMPDIR: folder };
    const killed = spawn(process.execPath, ['--require', 'tsx/cjs', '--eval', program], { env });
    const [printed] = await once(killed.stdout, 'data');
    const standIn = Number(printed);
    expect(process.kill(standIn, 0)).toBe(true);

    killed.kill('SIGKILL');
    await once(killed, 'exit');

    await expect(untilGone(standIn)).resolves.toBeUndefined();
    rmSync(folder, { recursive: true });
  });

  withPackages('listens on a socket of its own folder, and on no port', () => {
    expect(serverConfiguration('/tmp/folder').match(/listen [^;]+/g)).toEqual([
      'listen unix:/tmp/folder/socket',
    ]);
  });

  test('says in one line what to install', () => {
    expect(() => findPackages('/nowhere')).toThrow(GatewayConfigurationError);
    expect(() => findPackages('/nowhere')).toThrow(
      'apt-get install nginx-light libnginx-mod-http-modsecurity modsecurity-crs',
    );
  });

  test('is not asked for unless the gateway is told to', async () => {
    const own = await run({ operations: { 'GET /orders': proxied('/orders') } });

    expect((await own.send(SQL)).status).toBe(200);
    await own.close();
  });

  test.each<[string, [number, number][], readonly string[]]>([
    ['one critical finding', [[942100, 5]], ['942100']],
    [
      'two lesser ones',
      [
        [942100, 3],
        [942200, 2],
      ],
      ['942100', '942200'],
    ],
    ['no lesser one alone', [[942100, 4]], []],
    [
      'no finding of another family',
      [
        [941100, 5],
        [942100, 3],
      ],
      [],
    ],
  ])('refuses by %s', (_, scores, by) => {
    expect(refusals({ scores: new Map(scores) }, 'AWSManagedRulesSQLiRuleSet')).toEqual(by);
  });
});
