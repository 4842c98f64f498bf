import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const { context: flags } = require('../../cdk.json');

const OWN_SERVICE = {
  loadBalancerArn:
    'arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/own/0123456789abcdef',
  loadBalancerSecurityGroupId: 'sg-0123456789abcdef0',
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: 'eu-west-1a,eu-west-1b',
  privateSubnetIds: 'subnet-1,subnet-2',
};

describe('the app', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'app-'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  test('puts a gateway before the service that context names', () => {
    const definition = join(root, 'test/examples/catalogue.yaml');

    const { status, template } = synth({
      definition,
      ...OWN_SERVICE,
      jwtScheme: 'customer',
      issuer: 'https://id.example.com/',
      audience: 'catalogue',
      rate: '50',
      revokeWithin: '5',
      stackName: 'Own',
    });

    expect(status).toBe(0);
    const text = JSON.stringify(template('Own'));
    expect(text).toContain(OWN_SERVICE.loadBalancerArn);
    expect(text).toContain('"ThrottlingRateLimit":50');
    expect(text).toMatch(/revokeWithinSeconds\\":5,/);
    expect(text).not.toContain('AWS::EC2::VPC"');
  });

  test('says what is missing beside a definition, all at once', () => {
    const { status, stderr } = synth({ definition: 'openapi.yaml', vpcId: OWN_SERVICE.vpcId });

    expect(status).toBe(1);
    expect(stderr).toContain('context loadBalancerArn: is missing');
    expect(stderr).toContain('context privateSubnetIds: is missing');
    expect(stderr).not.toContain('context vpcId');
  });

  test('refuses a key that nobody reads, and a rate that is none', () => {
    const { status, stderr } = synth({ isuer: 'https://id.example.com/', rate: 'many', revokeWithin: '-1' });

    expect(status).toBe(1);
    expect(stderr).toContain('context isuer: is not read by this app (did you mean "issuer"?)');
    expect(stderr).toContain('context rate: is "many"; write a whole number of at least 1');
    expect(stderr).toContain('context revokeWithin: is "-1"; write a whole number of at least 0');
  });

  test('prints every problem of a document with its place, and none of our stack', () => {
    const definition = join(folder, 'broken.yaml');
    writeFileSync(definition, BROKEN);

    const { status, stderr } = synth({ definition, ...OWN_SERVICE, jwtScheme: 'customer' });

    expect(status).toBe(1);
    expect(stderr).toContain(`${definition}:6:7: GET /open has no 'security'`);
    expect(stderr).toContain(`${definition}:9:29: security scheme "custmer" is not defined`);
    expect(stderr).toContain('(did you mean "roles"?)');
    expect(stderr).not.toMatch(/^\s+at .*\(/m);
    expect(stderr.match(/NO_SECURITY/g)).toHaveLength(1);
  });

  function synth(context: Record<string, string>) {
    const output = join(folder, 'cdk.out');
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
      cwd: root,
      encoding: 'utf8',
      env: {
        ...process.env,
        CDK_OUTDIR: output,
        CDK_CONTEXT_JSON: JSON.stringify({ ...flags, ...context }),
        CDK_VALIDATION: 'false',
      },
    });
    return {
      status,
      stderr,
      template: (name: string) => JSON.parse(readFileSync(join(output, `${name}.template.json`), 'utf8')),
    };
  }
});

const BROKEN = `openapi: 3.1.0
info: { title: Broken, version: 1.0.0 }
paths:
  /open:
    get:
      responses: { '200': { description: ok } }
  /typo:
    get:
      security: [{ custmer: [] }]
      x-gateway: { rols: [admin] }
      responses: { '200': { description: ok } }
components:
  securitySchemes:
    customer: { type: http, scheme: bearer }
`;
