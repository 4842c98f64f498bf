import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { certificatesCommand } from '../../bin/certificates-command';
import { findCertificates } from '../../lib/certificates/find-certificates';
import { type KnownCertificate, nextSteps } from '../../lib/certificates/rotation';
import { closeServer } from '../../lib/local/server/close';
import { listen } from '../../lib/local/server/listen';
import { clientCertificateOutput } from '../../lib/protocol';
import { gatewayStack } from '../fixtures/gateway';

const NOW = Date.UTC(2026, 10, 22) / 1000;

describe('the rotation of the certificate shown to services', () => {
  const known = (
    name: string,
    createdAt: number,
    more: Partial<KnownCertificate> = {},
  ): KnownCertificate => ({
    name,
    id: name,
    gateway: 'Orders/Gateway',
    isInUse: false,
    createdAt,
    expiresAt: createdAt + 100,
    pem: name,
    ...more,
  });

  test.each<[string, KnownCertificate[], string, string[]]>([
    ['one', [known('1', 10)], 'add', ['1', '2026']],
    ['one that has the name of the year', [known('2026', 10)], 'add', ['2026', '2027']],
    ['a younger one beside it', [known('2026', 10), known('2027', 20)], 'switch', ['2027', '2026']],
    ['two younger ones', [known('a', 10), known('b', 20), known('c', 30)], 'switch', ['c', 'a', 'b']],
    ['the younger one in use', [known('2027', 20), known('2026', 10)], 'remove', ['2027']],
  ])('with %s goes on', (_, certificates, step, clientCertificates) => {
    expect(nextSteps(certificates, NOW)).toMatchObject([{ step, clientCertificates }]);
  });

  test('comes to its end, one deployment at a time, each certificate announced one before it is shown', () => {
    const made = new Map<string, number>([['1', 0]]);
    let names: readonly string[] = ['1'];
    const steps: string[] = [];
    for (let deployment = 1; deployment <= 3; deployment += 1) {
      const [next] = nextSteps(
        names.map((name) => known(name, made.get(name) ?? -1)),
        NOW,
      );
      steps.push(next!.step);
      expect(names).toContain(next!.clientCertificates[0]);
      names = next!.clientCertificates;
      for (const name of names) if (!made.has(name)) made.set(name, deployment);
    }

    expect(steps).toEqual(['add', 'switch', 'remove']);
    expect(names).toEqual(['2026']);
  });

  test('is told for each gateway of a stack', () => {
    const certificates = [known('1', 10), known('1', 10, { gateway: 'Orders/Other' })];

    expect(nextSteps(certificates, NOW).map(({ gateway }) => gateway)).toEqual([
      'Orders/Gateway',
      'Orders/Other',
    ]);
  });
});

describe('secure-api-gateway certificates rotate', () => {
  let outputs: string[][];
  const aws = createServer(({ method, url = '' }, response) => {
    const [, id] = /^\/clientcertificates\/(\w+)/.exec(url) ?? [];
    if (method === 'GET' && id === 'gone') {
      response.writeHead(404, {
        'Content-Type': 'application/json',
        'x-amzn-ErrorType': 'NotFoundException',
      });
      response.end('{"message":"Invalid Client Certificate identifier specified"}');
    } else if (method === 'GET' && id) {
      const createdDate = id === 'old' ? NOW - 300 * 86_400 : NOW;
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(
        JSON.stringify({
          clientCertificateId: id,
          pemEncodedCertificate: `pem of ${id}\n`,
          createdDate,
          expirationDate: createdDate + 365 * 86_400,
        }),
      );
    } else {
      response.writeHead(200, { 'Content-Type': 'text/xml' });
      const members = outputs.map(
        ([description, value]) =>
          `<member><OutputKey>K</OutputKey><OutputValue>${value}</OutputValue><Description>${description}</Description></member>`,
      );
      response.end(
        `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>Orders</StackName><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
      );
    }
  });
  const folder = mkdtempSync(join(tmpdir(), 'rotate-'));
  let endpoint: string;

  beforeAll(async () => {
    process.env['AWS_ACCESS_KEY_ID'] = 'local';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'local';
    endpoint = `http://127.0.0.1:${await listen(aws, 0, 'AWS')}`;
  });
  beforeEach(() => {
    outputs = [
      [clientCertificateOutput('2027', 'Orders/Gateway', false), 'new'],
      [clientCertificateOutput('2026', 'Orders/Gateway', true), 'old'],
      ['something else', 'unrelated'],
    ];
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await closeServer(aws);
  });

  test('finds the certificates by the outputs that a gateway defines', () => {
    const { stack } = gatewayStack({
      backend: { clientCertificate: true },
      clientCertificates: ['2026', '2027'],
    });
    const defined = Object.values(Template.fromStack(stack).findOutputs('*')).map(
      ({ Description }) => Description,
    );

    expect(defined).toEqual(
      expect.arrayContaining([
        clientCertificateOutput('2026', 'Orders/Gateway', true),
        clientCertificateOutput('2027', 'Orders/Gateway', false),
      ]),
    );
  });

  test('shows them, says what comes next, and writes what services are to trust', async () => {
    const log = jest.spyOn(console, 'log').mockReturnValue();
    const pem = join(folder, 'trust.pem');
    const given = ['rotate', '--stack', 'Orders', '--region', 'eu-west-1', '--endpoint', endpoint];

    await certificatesCommand().parseAsync([...given, '--pem', pem], { from: 'user' });
    const printed = log.mock.calls.flat().join('\n');
    log.mockClear();
    await certificatesCommand().parseAsync([...given, '--json'], { from: 'user' });
    const [json] = log.mock.calls.flat();
    log.mockRestore();

    expect(printed).toMatch(/^2026 {2}in use .*\n2027 {2}not in use/);
    expect(printed).toContain("Then put it first: clientCertificates: ['2027', '2026']. Deploy.");
    expect(readFileSync(pem, 'utf8')).toBe('pem of old\npem of new\n');
    expect(JSON.parse(String(json))).toMatchObject({
      certificates: [
        { name: '2026', isInUse: true },
        { name: '2027', isInUse: false },
      ],
      next: [{ step: 'switch', clientCertificates: ['2027', '2026'] }],
    });
  });

  test.each([
    ['NO_CLIENT_CERTIFICATE', []],
    ['NO_SUCH_CERTIFICATE', [[clientCertificateOutput('2026', 'Orders/Gateway', true), 'gone']]],
  ])('fails with %s', async (code, told) => {
    outputs = told;

    await expect(findCertificates({ stack: 'Orders', region: 'eu-west-1', endpoint })).rejects.toThrow(code);
  });
});
