import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { certificatesCommand } from '../../bin/certificates-command';
import { isConfirmed } from '../../bin/confirm';
import { denyCommand } from '../../bin/deny-command';
import { explainCommand } from '../../bin/explain-command';
import { keysCommand } from '../../bin/keys-command';
import { reviewCommand } from '../../bin/review-command';
import { tenantsCommand } from '../../bin/tenants-command';
import { closeServer } from '../../lib/local/server/close';
import { listen } from '../../lib/local/server/listen';
import { TENANT_INDEX } from '../../lib/protocol';
import { SecureApiGatewayReview } from '../../lib/review/index';

const BIN = join(__dirname, '../../bin');
const EVIL = '\u001b]0;x\u0007\u009b31m\u202e\nforged line';
const SHOWN = /\\u\{1b\}\]0;x\\u\{7\}\\u\{9b\}31m\\u\{202e\}\\u\{a\}forged line/;

const DENIED = { network: `203.0.113.1/32${EVIL}`, by: EVIL, reason: EVIL, createdAt: 1, expiresAt: 1e300 };
const ITEMS = [
  {
    pk: { S: `key#${EVIL}` },
    tenant: { S: EVIL },
    status: { S: 'active' },
    createdAt: { N: '1' },
    expiresAt: { N: '1e20' },
  },
];
const TENANTS = [{ pk: { S: `tenant#${EVIL}` }, tier: { S: EVIL }, createdAt: { N: '1' } }];
const CERTIFICATES = [
  {
    pk: { S: `certificate#CN=${EVIL}#1A` },
    revokedAt: { N: '1e20' },
    reason: { S: EVIL },
    subject: { S: EVIL },
  },
];
const ROW = [{ field: `a${EVIL}`, value: EVIL }];

/** What AWS answers, all of it texts that somebody else wrote. */
function answerTo(target: string, url: string, body: string): object {
  if (target.endsWith('.DescribeTable')) {
    return { Table: { GlobalSecondaryIndexes: [{ IndexName: TENANT_INDEX }] } };
  }
  if (target.endsWith('.Scan')) {
    if (body.includes('tenant#')) return { Items: TENANTS };
    return { Items: body.includes('certificate#') ? CERTIFICATES : ITEMS };
  }
  if (target.endsWith('.DescribeQueryDefinitions')) {
    return { queryDefinitions: [{ name: 'S/what a key did', queryString: 'q', logGroupNames: ['g'] }] };
  }
  if (target.endsWith('.StartQuery')) return { queryId: '1' };
  if (target.endsWith('.GetQueryResults')) return { status: 'Complete', results: [ROW] };
  return url.includes('/functions/') ? { ok: true, denied: [DENIED] } : {};
}

describe('what a command shows of texts that others wrote', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  const aws = createServer(async (request, response) => {
    const answer = answerTo(String(request.headers['x-amz-target']), request.url ?? '', await text(request));
    response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
  });
  let endpoint: string;
  let written: string[];

  beforeAll(async () => {
    Object.assign(process.env, {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    });
    endpoint = `http://127.0.0.1:${await listen(aws, 0, 'AWS')}`;
  });
  beforeEach(() => {
    written = [];
    for (const name of ['log', 'error'] as const) {
      jest.spyOn(console, name).mockImplementation((...line: unknown[]) => void written.push(line.join(' ')));
    }
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = undefined;
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await closeServer(aws);
  });

  /** Whole lines that a terminal only shows. */
  const expectShown = (lines: number) => {
    const all = written.join('\n');
    expect(all).not.toMatch(/[\p{Cf}\u2028]|(?!\n)\p{Cc}/u);
    expect(all).not.toMatch(/^forged/m);
    expect(all.split('\n')).toHaveLength(lines);
  };

  test.each([
    ['keys list', keysCommand, ['list', '--table', 'T'], 1],
    ['keys usage', keysCommand, ['usage', '--stack', 'S', '--key', '000000000000'], 2],
    ['tenants list', tenantsCommand, ['list', '--table', 'T'], 1],
    ['certificates list', certificatesCommand, ['list', '--table', 'T'], 1],
    ['deny list', denyCommand, ['list', '--function', 'F'], 1],
  ] as const)('%s', async (_, command, given, lines) => {
    await command().parseAsync([...given, '--endpoint', endpoint], { from: 'user' });
    expect(written.join('\n')).toMatch(SHOWN);
    expectShown(lines);

    written = [];
    await command().parseAsync([...given, '--endpoint', endpoint, '--json'], { from: 'user' });
    expect(JSON.stringify(JSON.parse(written.join('')))).toContain(JSON.stringify(EVIL).slice(1, -1));
    expectShown(1);
  });

  const document = {
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    components: { securitySchemes: { customer: { type: 'http', scheme: 'bearer' } } },
    paths: {
      '/a': {
        get: {
          operationId: EVIL,
          security: [{ customer: [] }],
          parameters: [{ name: `q${EVIL}`, in: 'query', schema: { type: 'string' } }],
          responses: {},
        },
      },
    },
  };

  test.each([
    ['an operation', ['GET', '/a']],
    ['findings', ['--findings']],
    ['the document as enforced', ['--openapi']],
    ['an operation as JSON', ['GET', '/a', '--json']],
  ])('explain, asked for %s', async (_, given) => {
    const path = join(folder, 'openapi.json');
    writeFileSync(path, JSON.stringify(document));

    await explainCommand().parseAsync([...given, '--definition', path], { from: 'user' });
    expect(written.join('\n')).toContain('forged line');
    expectShown(written.join('\n').split('\n').length);
  });

  test.each([
    ['as text', [], 5],
    ['as JSON', ['--json'], 1],
  ])('review, %s', async (_, given, lines) => {
    const path = join(folder, 'Stack.template.json');
    const stage = { Type: 'AWS::ApiGateway::Stage', Metadata: { 'aws:cdk:path': `Stack/${EVIL}` } };
    writeFileSync(path, JSON.stringify({ Resources: { [EVIL]: stage } }));

    await reviewCommand().parseAsync([path, ...given], { from: 'user' });
    expect(written.join('\n')).toContain('forged line');
    expectShown(lines);
  });

  test('the review at a synthesis', () => {
    const path = join(folder, 'Stack.template.json');
    const stage = { Type: 'AWS::ApiGateway::Stage', Metadata: { 'aws:cdk:path': `Stack/${EVIL}` } };
    const method = {
      Type: 'AWS::ApiGateway::Method',
      Properties: { HttpMethod: EVIL, AuthorizationType: 'NONE' },
    };
    writeFileSync(path, JSON.stringify({ Resources: { Stage: stage, Method: method } }));

    const { violations } = new SecureApiGatewayReview().validate({ templatePaths: [path] });
    const told = violations.map(({ description, fix }) => `${description} ${fix}`).join('');
    expect(told).toMatch(SHOWN);
    expect(told).not.toMatch(/\p{Cc}|\p{Cf}/u);
  });

  test('a question before something is destroyed', async () => {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const output = new PassThrough();
    const asked = isConfirmed(`Revoke ${EVIL}? `, input, output);
    input.end('y\n');

    expect(await asked).toBe(true);
    output.end();
    expect(await text(output)).toMatch(SHOWN);
  });

  test('all that is written goes through one file', () => {
    const others = readdirSync(BIN).filter((file) => file !== 'output.ts');
    const writing = others.filter((file) =>
      /\bconsole\b|std(out|err)\.write/.test(readFileSync(join(BIN, file), 'utf8')),
    );

    expect(others.length).toBeGreaterThan(10);
    expect(writing).toEqual([]);
  });
});
