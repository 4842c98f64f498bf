import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Countries, Quota, WebAcl } from '../../lib';
import { compile, explainOperation, optionsOfDocument, requireSameApi } from '../../lib/definition';
import { IDENTITY_HEADERS } from '../../lib/protocol';
import { AUTHORIZER_CONFIGURATION } from '../../lib/protocol/authorizer-configuration';
import { gatewayValues, readTemplates } from '../../lib/review/index';
import { at, type Fields } from '../../lib/review/model/template';
import { domainStack } from '../edge/domain-stack';
import { DOCUMENT, documentOf, type FixtureProps, gatewayStack } from '../fixtures/gateway';
import { codesOf } from '../fixtures/problems';

const valuesOf = (props: FixtureProps = {}) => {
  const template = Template.fromStack(gatewayStack(props).stack).toJSON();
  return gatewayValues([{ stack: 'Orders', template }]);
};
const rules = (values: ReturnType<typeof valuesOf>, stage: string) =>
  (values.stages[stage] ?? []).map(({ rule }) => rule);

describe('gatewayValues', () => {
  test('has the names of the headers that say who calls, the usual ones where none are given', () => {
    const names = (props: FixtureProps) => valuesOf(props).identityHeaders;

    expect(names({ identityHeaders: { userId: 'X-Caller-Id' } })).toEqual({
      ...IDENTITY_HEADERS,
      userId: 'X-Caller-Id',
    });
    expect(names({})).toEqual(IDENTITY_HEADERS);
  });

  test('are the defaults where the props say nothing', () => {
    const values = valuesOf();

    expect(rules(values, 'TLS')).toEqual([
      expect.stringMatching(/^policy SecurityPolicy_TLS13_1_2_\S+ on API Gateway's own endpoint$/),
    ]);
    expect(rules(values, 'rates')).toEqual(
      expect.arrayContaining([
        'rate-per-address: 2000 requests in 300 s for each address, else 429',
        '1000 requests a second for all callers together, bursts of 500',
      ]),
    );
    expect(rules(values, 'firewall')).toEqual(
      expect.arrayContaining([
        'reserved-headers: refused with 403',
        'no-user-agent: only counted',
        "sql-injection: AWSManagedRulesSQLiRuleSet, with the group's actions",
      ]),
    );
    expect(rules(values, 'authentication')).toEqual(['what was revoked works for at most 30 s more']);
    expect(rules(values, 'plan')).toEqual(['callers without a tier: no rate, no quota']);
    expect(new Set(rules(values, 'audit'))).toEqual(new Set(['kept for 365 days']));
    expect(values.schemes['customer']?.rule).toMatch(
      /^customer: tokens of https:\/\/id\.example\.com\/ for orders, /,
    );
    expect(values.backends['orders']).toMatchObject({ rule: 'is at https://orders.internal.example.com' });
  });

  test('are what the props say', () => {
    const values = valuesOf({
      tiers: { pro: { rate: 5, burst: 10, quota: Quota.perDay(100) } },
      throttle: { rate: 7, burst: 3 },
      revokeWithin: Duration.seconds(4),
      edge: { countries: Countries.only('GB'), deny: ['198.51.100.0/24'] },
    });

    expect(rules(values, 'plan')).toContain('pro: 5 requests a second, bursts of 10, 100 requests a day');
    expect(rules(values, 'rates')).toContain('7 requests a second for all callers together, bursts of 3');
    expect(rules(values, 'authentication')).toEqual(['what was revoked works for at most 4 s more']);
    expect(rules(values, 'addresses')).toEqual(
      expect.arrayContaining([
        'deny: 198.51.100.0/24, refused with 403',
        expect.stringMatching(/^countries: all but GB, refused with 403$/),
      ]),
    );
  });

  test("say that API Gateway's own endpoint is off where a domain is the only way in", () => {
    const { stack } = domainStack({});
    const values = gatewayValues([{ stack: 'Orders', template: Template.fromStack(stack).toJSON() }]);

    expect(rules(values, 'TLS')[0]).toBe("API Gateway's own endpoint is off");
    expect(rules(values, 'TLS')).toHaveLength(2);
  });

  test('do not guess at a web ACL that is kept elsewhere', () => {
    const webAclArn = 'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/shared/1';
    const props = { webAcl: WebAcl.fromWebAclArn(gatewayStack().stack, 'Shared', webAclArn) };

    expect(rules(valuesOf(props), 'addresses')).toEqual(['by a web ACL that is kept elsewhere']);
    expect(rules(valuesOf(props), 'firewall')).toEqual([expect.stringContaining('as far as it has rules')]);
  });

  test('stand in an explanation in place of the names of props, and nowhere else', () => {
    const document = documentOf();
    const compiled = compile(document, { authentication: ['customer'], backends: ['orders'] });
    const explained = explainOperation(
      compiled,
      document,
      'GET',
      '/orders',
      valuesOf({ tiers: { pro: { rate: 5, burst: 1 } } }),
    );
    const open = explainOperation(
      compiled,
      document,
      'GET',
      '/health',
      valuesOf({ tiers: { pro: { rate: 5, burst: 1 } } }),
    );
    const text = JSON.stringify(explained);

    expect(text).not.toContain('props:');
    expect(text).toContain('pro: 5 requests a second, bursts of 1, no quota');
    expect(text).toContain('orders is at https://orders.internal.example.com');
    expect(JSON.stringify(open)).not.toContain('pro: 5 requests');
    expect(JSON.stringify(open)).not.toContain('tokens of');
  });

  test.each([
    [
      'another title',
      (text: string) => text.replace('title: Orders', 'title: Shipments'),
      'title is "Orders", the document\'s "Shipments"',
    ],
    [
      'another version',
      (text: string) => text.replace('version: 1.0.0', 'version: 2.0.0'),
      'version is "1.0.0"',
    ],
    [
      'another operation',
      (text: string) => text.replace('    post:', '    put:'),
      'has no operation "PUT /orders"',
    ],
    [
      'another backend',
      (text: string) => text.replace('backend: orders', 'backend: sales'),
      'has no backend "sales"',
    ],
    [
      'another scheme',
      (text: string) => text.replaceAll('customer:', 'partner:'),
      'has no security scheme "partner"',
    ],
  ])('are not taken for those of a document with %s', (_, change, difference) => {
    const document = documentOf(change(DOCUMENT));
    const compiled = compile(document, optionsOfDocument(document));
    const explain = () => explainOperation(compiled, document, 'GET', '/health', valuesOf());

    expect(codesOf(explain)).toEqual(['OTHER_API']);
    expect(explain).toThrow(difference);
  });

  test('are those of a document whose variables API Gateway has under one name, and whose root asks for what nobody takes', () => {
    const operation = 'responses: { 200: { description: OK } }, security: [{ customer: [] }]';
    const document = documentOf(`
openapi: 3.1.0
info: { title: Orders, version: 1.0.0 }
security: [{ unused: [] }]
paths:
  /orders/{orderId}: { get: { ${operation} } }
  /orders/{id}/lines: { get: { ${operation} } }
components:
  securitySchemes:
    customer: { type: http, scheme: bearer }
    unused: { type: http, scheme: bearer }
`);
    const values = valuesOf({ definition: document });

    expect(() => requireSameApi(document, values)).not.toThrow();
    expect(values.api.operations).toContain('GET /orders/{orderId}/lines');
  });

  test('fail where there is no gateway, or more than one', () => {
    const template = Template.fromStack(gatewayStack().stack).toJSON();
    const [one, other] = ['One', 'Other'].map((stack) => ({ stack, template }));

    expect(() => gatewayValues([{ stack: 'Empty', template: { Resources: {} } }])).toThrow(
      'there is no gateway',
    );
    expect(() => gatewayValues([one!, other!])).toThrow('there are several gateways');
    expect(gatewayValues([one!, other!], 'Other').backends).toHaveProperty('orders');
  });

  test.each([
    ['what only a deployment knows', { Ref: 'Settings' }],
    ['no JSON', 'secret=hunter2'],
    ['the settings of another version', '{"schemes":{}}'],
  ])('fail without a word of them where the settings of the authorizer are %s', (_, settings) => {
    const template = Template.fromStack(gatewayStack().stack).toJSON();
    for (const { Properties } of Object.values<{ Properties?: Fields }>(template['Resources'])) {
      const variables = at(Properties, 'Environment', 'Variables');
      if (at(variables, AUTHORIZER_CONFIGURATION)) {
        Object.assign(variables as object, { [AUTHORIZER_CONFIGURATION]: settings });
      }
    }
    const read = () => gatewayValues([{ stack: 'Orders', template }]);

    expect(codesOf(read)).toEqual(['AUTHORIZER_SETTINGS']);
    expect(read).not.toThrow('hunter2');
  });

  test('are not looked for in a stack that nests itself, nor beside a manifest that cannot be read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'secure-api-gateway-'));
    const nested = {
      Type: 'AWS::CloudFormation::Stack',
      Metadata: { 'aws:asset:path': 'Loop.template.json' },
    };
    const path = join(folder, 'Loop.template.json');
    writeFileSync(path, JSON.stringify({ Resources: { Nested: nested } }));

    const looped = codesOf(() => readTemplates(path));
    writeFileSync(join(folder, 'Other.assets.json'), '{');
    const unread = codesOf(() => readTemplates(path));
    rmSync(folder, { recursive: true });
    expect([looped, unread]).toEqual([['NO_TEMPLATE'], ['NO_TEMPLATE']]);
  });
});
