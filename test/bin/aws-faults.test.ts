import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { certificatesCommand } from '../../bin/certificates-command';
import { denyCommand } from '../../bin/deny-command';
import { keysCommand } from '../../bin/keys-command';
import { tenantsCommand } from '../../bin/tenants-command';
import { GatewayConfigurationError } from '../../lib/errors';
import { clientOptions } from '../../lib/keys/aws-target';
import { explainAws } from '../../lib/keys/explain-aws';
import { closeServer } from '../../lib/local/server/close';
import { listen } from '../../lib/local/server/listen';
import { commandLine } from '../fixtures/command-line';

const COMMANDS = {
  'certificates rotate': (...more: string[]) => run(certificatesCommand, 'rotate', '--stack', 'S', ...more),
  'certificates list': (...more: string[]) => run(certificatesCommand, 'list', '--table', 'T', ...more),
  'certificates revoke': (...more: string[]) =>
    run(
      certificatesCommand,
      'revoke',
      '--issuer',
      'CN=P',
      '--serial',
      '0x1',
      '--yes',
      '--table',
      'T',
      ...more,
    ),
  'keys list': (...more: string[]) => run(keysCommand, 'list', '--stack', 'S', ...more),
  'keys create': (...more: string[]) =>
    run(keysCommand, 'create', '--tenant', 'acme', '--table', 'T', ...more),
  'keys usage': (...more: string[]) =>
    run(keysCommand, 'usage', '--stack', 'S', '--key', '000000000000', ...more),
  'tenants list': (...more: string[]) => run(tenantsCommand, 'list', '--table', 'T', ...more),
  'tenants create': (...more: string[]) =>
    run(tenantsCommand, 'create', 'acme', '--tier', 'pro', '--table', 'T', '--plan', 'pro=1', ...more),
  'deny list': (...more: string[]) => run(denyCommand, 'list', '--function', 'F', ...more),
  'deny add': (...more: string[]) =>
    run(
      denyCommand,
      'add',
      '203.0.113.1',
      '--for',
      '1h',
      '--reason',
      'x',
      '--force',
      '--stack',
      'S',
      ...more,
    ),
};

type Respond = (response: ServerResponse, isXml: boolean) => void;

/** A refusal, as each service words it. */
const refusal =
  (status: number, name: string, message = 'no'): Respond =>
  (response, isXml) => {
    response.writeHead(status, { 'Content-Type': isXml ? 'text/xml' : 'application/x-amz-json-1.0' });
    response.end(
      isXml
        ? `<ErrorResponse><Error><Code>${name}</Code><Message>${message}</Message></Error></ErrorResponse>`
        : JSON.stringify({ __type: `com.amazonaws#${name}`, message }),
    );
  };
const page =
  (status: number, text: string): Respond =>
  (response) =>
    response.writeHead(status, { 'Content-Type': 'text/html', Location: 'https://example.com/' }).end(text);

const PAGE = '<html><body>\u001b[31mAKIAPAGE<hr></body></html>';

const FAULTS: readonly (readonly [what: string, code: string, respond: Respond])[] = [
  ['answers with a page', 'AWS_ANSWER', page(200, PAGE)],
  ['answers with a page and 404', 'AWS_ANSWER', page(404, PAGE)],
  ['answers with a page and 502', 'AWS_ANSWER', page(502, PAGE)],
  ['leads elsewhere', 'AWS_ANSWER', page(302, '')],
  ['answers nothing', 'AWS_ANSWER', page(200, '')],
  ['answers with other JSON', 'AWS_ANSWER', page(200, '{"hello":"\\u001b[31mAKIAPAGE"}')],
  ['answers null', 'AWS_ANSWER', page(200, 'null')],
  [
    'lets nobody in',
    'NO_PERMISSION',
    (response, isXml) => refusal(403, isXml ? 'AccessDenied' : 'AccessDeniedException')(response, isXml),
  ],
  [
    'throttles',
    'THROTTLED',
    (response, isXml) => refusal(400, isXml ? 'Throttling' : 'ThrottlingException')(response, isXml),
  ],
  [
    'says that a session is over',
    'AWS_CREDENTIALS',
    (response, isXml) => refusal(403, isXml ? 'ExpiredToken' : 'ExpiredTokenException')(response, isXml),
  ],
  ['fails', 'AWS_FAILED', refusal(500, 'InternalServerError')],
  ['refuses for a reason of its own', 'AWS_REFUSED', refusal(400, 'OddException', 'odd \u009b31m\u202e')],
];

describe('a command that calls AWS', () => {
  let respond: Respond;
  let aws: Server;
  let endpoint: string;

  beforeAll(async () => {
    // as many as it takes to see one answer
    Object.assign(process.env, {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIAOWN',
      AWS_SECRET_ACCESS_KEY: 'verysecret',
      AWS_MAX_ATTEMPTS: '1',
    });
    aws = createServer((request: IncomingMessage, response) => {
      const isXml = String(request.headers['content-type']).includes('x-www-form-urlencoded');
      request.resume().once('end', () => respond(response, isXml));
    });
    endpoint = `http://127.0.0.1:${await listen(aws, 0, 'AWS')}`;
  });
  afterAll(async () => {
    delete process.env['AWS_MAX_ATTEMPTS'];
    await closeServer(aws);
  });

  describe.each(FAULTS)('where what answers %s', (_, code, fault) => {
    test.each(Object.entries(COMMANDS))(
      `%s says ${code} on one line, and nothing of what came`,
      async (_, ask) => {
        respond = fault;
        const error = await ask('--endpoint', endpoint);

        expect(error).toBeInstanceOf(GatewayConfigurationError);
        const { message, problems } = error as GatewayConfigurationError;
        expect(problems.map((problem) => problem.code)).toEqual([code]);
        expect(message).toMatch(/^[\x20-\x7e…]+; [\x20-\x7e]+ \[[A-Z_]+\]$/);
        expect(message).not.toMatch(/AKIA|verysecret|\bat .*:\d+:\d+/);
      },
    );
  });

  test.each([
    ['keys list', 'ValidationError', 'NO_SUCH_STACK'],
    ['certificates rotate', 'ValidationError', 'NO_SUCH_STACK'],
    ['deny add', 'ValidationError', 'NO_SUCH_STACK'],
    ['keys create', 'ResourceNotFoundException', 'NO_SUCH_TABLE'],
    ['tenants list', 'ResourceNotFoundException', 'NO_SUCH_TABLE'],
    ['certificates revoke', 'ResourceNotFoundException', 'NO_SUCH_TABLE'],
    ['deny list', 'ResourceNotFoundException', 'NO_SUCH_FUNCTION'],
  ] as const)('%s says of what there is not: %s is %s', async (command, name, code) => {
    respond = refusal(400, name);

    const error = await COMMANDS[command]('--endpoint', endpoint);

    expect((error as GatewayConfigurationError).problems).toMatchObject([{ code }]);
  });

  test('does not wait for ever for an answer', async () => {
    respond = () => undefined;
    const client = new CloudFormationClient(clientOptions({ endpoint }, 50));
    const error = await client.send(new DescribeStacksCommand({})).catch((cause: unknown) => cause);
    client.destroy();

    expect(explainAws(error, 'S')).toMatchObject({
      message:
        'S: AWS cannot be reached: it does not answer; check your network, --region and --endpoint [AWS_UNREACHABLE]',
    });
  });

  test.each<[what: string, respond: Respond, stderr: string]>([
    [
      'answers with a page',
      page(404, PAGE),
      'S: what answered, with status 404, is not AWS; check --endpoint and --region, and any proxy before them [AWS_ANSWER]\n',
    ],
    [
      'closes the connection',
      (response) => response.destroy(),
      'S: AWS cannot be reached: socket hang up; check your network, --region and --endpoint [AWS_UNREACHABLE]\n',
    ],
  ])(
    'ends with 1 where what answers %s, its problem the one line on standard error',
    async (_, fault, stderr) => {
      respond = fault;

      expect(await commandLine(['certificates', 'rotate', '--stack', 'S', '--endpoint', endpoint])).toEqual({
        code: 1,
        stdout: '',
        stderr,
      });
    },
  );
});

/** What a command fails with. */
async function run(command: typeof keysCommand, ...given: string[]): Promise<unknown> {
  return command()
    .parseAsync(given, { from: 'user' })
    .then(
      () => undefined,
      (error: unknown) => error,
    );
}
