import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { WebAcl } from '../lib';
import type { WebAclRequest } from '../lib/local/web-acl';
import { aclOfTemplate, requestOf, STAGE_ARN } from '../test/local/web-acl/acl';

/** Most microseconds a request may take. */
const BUDGET = 200;
const REQUESTS = 20_000;

const HEADERS = [
  ['Host', 'api.example.com'],
  ['User-Agent', 'bench/1.0 (like a client)'],
  ['Accept', 'application/json'],
  ['Accept-Encoding', 'gzip, deflate, br'],
  ['Authorization', `Bearer ${'x'.repeat(900)}`],
  ['X-Amzn-Trace-Id', 'Root=1-67891233-abcdef012345678912345678'],
  ['X-Forwarded-For', '192.0.2.1'],
  ['X-Forwarded-Port', '443'],
  ['X-Forwarded-Proto', 'https'],
] as const;

const order = JSON.stringify({
  items: Array.from({ length: 12 }, (_, index) => ({
    sku: `sku-${index}`,
    quantity: index + 1,
    note: 'as usual',
  })),
  address: { street: '1 Example Street', city: 'London', country: 'GB' },
});

const CASES: Readonly<Record<string, WebAclRequest>> = {
  'GET without a body': requestOf({ headers: HEADERS, path: '/prod/orders/123', rawQuery: 'page=2&size=50' }),
  'POST of 700 bytes of JSON': requestOf({
    method: 'POST',
    headers: [...HEADERS, ['Content-Type', 'application/json']],
    body: order,
  }),
  'POST of 16 KB of JSON': requestOf({
    method: 'POST',
    headers: [...HEADERS, ['Content-Type', 'application/json']],
    body: JSON.stringify({ text: 'lorem ipsum '.repeat(1_350) }),
  }),
};

const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Bench', {
  env: { region: 'eu-west-1' },
});
const { webAclArn } = new WebAcl(stack, 'Acl', {
  mediaTypes: ['application/json'],
  loginOperations: [{ path: '/login', method: 'POST' }],
  deny: Array.from({ length: 5_000 }, (_, index) => `10.${index >> 8}.${index & 255}.0/25`),
});
new CfnWebACLAssociation(stack, 'Association', { webAclArn, resourceArn: STAGE_ARN });
const template = Template.fromStack(stack).toJSON();

const results = Object.entries(CASES).map(([name, request]) => {
  const acl = aclOfTemplate({ Resources: template['Resources'] }, { now: () => Date.now() });
  // else rates would refuse them: each request comes from an address of its own with a credential of its own
  const from = (index: number) => ({
    ...request,
    sourceIp: `198.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
    headers: request.headers.map(([name, value]) =>
      name === 'Authorization' ? ([name, `${value}${index}`] as const) : ([name, value] as const),
    ),
  });
  for (let index = 0; index < 2_000; index += 1) acl.evaluate(from(index));

  const times = Array.from({ length: REQUESTS }, (_, index) => {
    const asked = from(index);
    const started = process.hrtime.bigint();
    const { action } = acl.evaluate(asked);
    if (action !== 'allow') throw new Error(`${name} was refused`);
    return Number(process.hrtime.bigint() - started) / 1_000;
  }).sort((left, right) => left - right);

  return { name, p50: times[REQUESTS / 2] ?? 0, p99: times[REQUESTS * 0.99] ?? 0 };
});

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ unit: 'microseconds', budget: BUDGET, results }));
} else {
  console.table(
    results.map(({ name, p50, p99 }) => ({
      request: name,
      'p50 µs': p50.toFixed(1),
      'p99 µs': p99.toFixed(1),
    })),
  );
}
process.exitCode = results.every(({ p50 }) => p50 <= BUDGET) ? 0 : 1;
