import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type IdentityHeaders, WebAclRuleGroup } from '../../lib';
import { compile, explainOperation, formatExplanation } from '../../lib/definition';
import type { LocalGateway } from '../../lib/local';
import { IDENTITY_HEADERS } from '../../lib/protocol';
import { review } from '../../lib/review';
import { DOCUMENT, documentOf, type FixtureProps, gatewayStack, quickApp } from '../fixtures/gateway';
import { codesOf, problemsOf } from '../fixtures/problems';
import { runGateway } from '../fixtures/run-gateway';
import { startBackend, type TestBackend } from '../local/backend';

const NAMES = {
  userId: 'X-Caller-Id',
  userRoles: 'X-Caller-Roles',
  userScopes: 'X-Caller-Scopes',
  tenantId: 'X-Org',
  clientId: 'X-App',
} as const;

const USUAL = Object.values(IDENTITY_HEADERS);

/** Adds a header parameter to the operation of public health checks. */
const declaring = (name: string) =>
  documentOf(
    DOCUMENT.replace(
      'operationId: health\n',
      `operationId: health\n      parameters: [{ name: ${name}, in: header, schema: { type: string } }]\n`,
    ),
  );

describe('headers that say who calls, named otherwise', () => {
  test('are mapped on every operation, and the usual ones are withheld', () => {
    for (const [path, method] of [
      ['/orders', 'post'],
      ['/health', 'get'],
    ] as const) {
      expect(mappingsOf({ identityHeaders: NAMES }, path, method)).toMatchObject({
        'integration.request.header.X-Caller-Id': 'context.authorizer.userId',
        'integration.request.header.X-Caller-Roles': 'context.authorizer.userRoles',
        'integration.request.header.X-Caller-Scopes': 'context.authorizer.userScopes',
        'integration.request.header.X-Org': 'context.authorizer.tenantId',
        'integration.request.header.X-App': 'context.authorizer.clientId',
        'integration.request.header.X-User-Id': "'-'",
        'integration.request.header.X-Client-Id': "'-'",
      });
    }
  });

  test('are mapped one by one: those that are not named keep their names', () => {
    const mappings = mappingsOf({ identityHeaders: { userId: 'X-Caller-Id' } }, '/orders', 'get');

    expect(mappings).toMatchObject({
      'integration.request.header.X-Caller-Id': 'context.authorizer.userId',
      'integration.request.header.X-User-Id': "'-'",
      'integration.request.header.X-Tenant-Id': 'context.authorizer.tenantId',
    });
  });

  test('are refused from callers, the usual ones with them', () => {
    const pattern = reservedPattern(gatewayStack({ identityHeaders: NAMES }).stack);

    for (const name of [...Object.values(NAMES), ...USUAL, 'x_caller_id', 'x.org', 'x_user_id']) {
      expect([name, pattern.test(name.toLowerCase())]).toEqual([name, true]);
    }
    expect(pattern.test('x-caller')).toBe(false);
    expect(pattern.test('x-organisation')).toBe(false);
  });

  test('leave a usual name to callers where the document has it as a parameter', () => {
    const props = { identityHeaders: NAMES, definition: declaring('X-Client-Id') };
    const pattern = reservedPattern(gatewayStack(props).stack);

    expect(pattern.test('x-client-id')).toBe(false);
    expect(pattern.test('x-user-id')).toBe(true);
    expect(mappingsOf(props, '/health', 'get')).not.toHaveProperty([
      'integration.request.header.X-Client-Id',
    ]);
    // nothing of it where it is not declared
    expect(mappingsOf(props, '/orders', 'get')).toMatchObject({
      'integration.request.header.X-Client-Id': "'-'",
    });
  });

  test('may be the header of an API key no more than before, and the usual ones may', () => {
    const keyIn = (name: string) =>
      documentOf(
        DOCUMENT.replace('{ type: http, scheme: bearer }', `{ type: apiKey, in: header, name: ${name} }`),
      );
    const codesWith = (name: string) =>
      codesOf(() =>
        compile(keyIn(name), {
          authentication: ['customer'],
          backends: ['orders'],
          identityHeaders: NAMES,
        }),
      );

    expect(codesWith('X-Caller-Id')).toEqual(['UNSUPPORTED_SCHEME']);
    expect(codesWith('X-Client-Id')).toEqual([]);
  });

  test('are the names a group of rules for a web ACL elsewhere can be given', () => {
    const stack = new Stack(quickApp(), 'Rules');
    new WebAclRuleGroup(stack, 'Own', { reservedHeaders: Object.values(NAMES) });
    const pattern = reservedPattern(stack, 'AWS::WAFv2::RuleGroup');

    expect(pattern.test('x-caller-id')).toBe(true);
    expect(pattern.test('x_org')).toBe(true);
  });

  test('are explained, with all that callers may not send', () => {
    const definition = documentOf();
    const options = { authentication: ['customer'], backends: ['orders'], identityHeaders: NAMES };
    const text = formatExplanation(
      explainOperation(compile(definition, options), definition, 'GET', '/orders'),
    );

    expect(text).toContain(`gets ${Object.values(NAMES).join(', ')}`);
    expect(text).toContain(`none of the headers ${[...Object.values(NAMES), ...USUAL].join(', ')}`);
  });

  test.each([
    ['an identity header in use', 'X-Caller-Id'],
    ['one with another mark', 'x_caller_id'],
    ['a usual one, which services may still read', 'X-User-Id'],
  ])('are no headers a backend can fix: %s', (_, name) => {
    expect(
      codesOf(() => gatewayStack({ identityHeaders: NAMES, backend: { headers: { [name]: '1' } } })),
    ).toEqual(['BACKEND_HEADER_NAME']);
  });

  test.each<[string, IdentityHeaders]>([
    ['no token', { userId: 'X Caller' }],
    ['nothing', { userId: '' }],
    ['a name servers read in two ways', { userId: 'X_Caller_Id' }],
    ['a name that is too long', { userId: `X-${'a'.repeat(63)}` }],
    ['the signed identity', { userId: 'authorization' }],
    ['hop-by-hop', { userId: 'Connection' }],
    ['refused by API Gateway when it is mapped', { userId: 'X-Amzn-Trace-Id' }],
    ['set by API Gateway', { userId: 'X-Forwarded-For' }],
    ['a place of credentials', { userId: 'X-Api-Key' }],
    ['of cookies', { userId: 'cookie' }],
    ['that of another, in another casing', { userId: 'x-tenant-id' }],
    ['that of another, named too', { userId: 'X-Caller', clientId: 'x-caller' }],
  ])('fail where one is %s', (_, identityHeaders) => {
    expect(codesOf(() => gatewayStack({ identityHeaders }))).toEqual(['IDENTITY_HEADER']);
  });

  test('fail with all that is wrong at once, each at its place', () => {
    const identityHeaders = { userId: 'Host', userRoles: 'X Roles', tenantId: 'X-A', clientId: 'X-A' };

    expect(problemsOf(() => gatewayStack({ identityHeaders })).map(({ at }) => at)).toEqual(
      ['userId', 'userRoles', 'clientId'].map((key) => `Orders/Gateway: identityHeaders.${key}`),
    );
  });
});

describe('a header parameter that only the gateway may set', () => {
  test('is reported, and demanded of nobody', () => {
    const definition = documentOf(
      DOCUMENT.replace(
        'operationId: health\n',
        'operationId: health\n      parameters: [{ name: X-User-Id, in: header, required: true, schema: { type: string } }]\n',
      ),
    );
    const { findings, policy } = compile(definition, { authentication: ['customer'], backends: ['orders'] });

    expect(findings.map(({ code }) => code)).toContain('RESERVED_HEADER');
    expect(policy.operations['GET /health']?.parameters).toEqual([]);
  });
});

describe('a template with other names', () => {
  test('is in order as the gateway makes it', () => {
    expect(forgeable(() => {})).toEqual([]);
  });

  test.each([...Object.values(NAMES), 'X-User-Id', 'Authorization'])(
    'shows where %s is not mapped',
    (name) => {
      const findings = forgeable((mappings) => {
        delete mappings[`integration.request.header.${name}`];
      });

      expect(findings).toEqual([
        `GET /orders does not hand its backend the gateway's own ${name.toLowerCase()}`,
      ]);
    },
  );

  test('shows where a usual name, no more in use, is as the caller sent it', () => {
    const findings = forgeable((mappings) => {
      mappings['integration.request.header.X-User-Id'] = 'method.request.header.X-User-Id';
    });

    expect(findings).toHaveLength(1);
  });

  function forgeable(change: (mappings: Record<string, string>) => void): string[] {
    const { stack } = gatewayStack({ identityHeaders: NAMES });
    const template = Template.fromStack(stack).toJSON();
    const [api] = Object.values<ApiResource>(template['Resources']).filter(
      ({ Type }) => Type === 'AWS::ApiGateway::RestApi',
    );
    change(
      api?.Properties.Body.paths['/orders']?.['get']?.['x-amazon-apigateway-integration'].requestParameters ??
        {},
    );
    return review([{ stack: 'Orders', template }])
      .filter(({ rule }) => rule === 'forgeable-identity')
      .map(({ message }) => message);
  }
});

describe('a gateway with other names, running', () => {
  let backend: TestBackend;
  let gateway: LocalGateway;

  beforeAll(async () => {
    backend = await startBackend();
    gateway = await runGateway(backend.url, { identityHeaders: NAMES, definition: declaring('X-Client-Id') });
  }, 60_000);

  afterAll(async () => {
    await gateway?.close();
    await backend?.close();
  });

  beforeEach(() => {
    backend.received.length = 0;
  });

  test.each(['X-Caller-Id', 'x_caller_id', 'X-ORG', 'X.App', 'X-User-Id', 'x_user_roles'])(
    'refuses a caller who sends %s',
    async (name) => {
      const { status } = await fetch(`${gateway.url}health`, { headers: { [name]: 'root' } });

      expect(status).toBe(403);
      expect(backend.received).toEqual([]);
    },
  );

  test('says who calls under the names it was given, and under those alone', async () => {
    await fetch(`${gateway.url}health`, { headers: { 'X-Client-Id': 'mine' } });

    const received = backend.last();
    for (const name of ['X-Caller-Id', 'X-Org', 'X-User-Id']) expect(received.header(name)).toBe('-');
    expect(received.rawHeaders.filter((text) => text === 'mine')).toHaveLength(1);
  });
});

interface ApiResource {
  readonly Type: string;
  readonly Properties: {
    readonly Body: {
      readonly paths: Record<
        string,
        Record<string, { 'x-amazon-apigateway-integration': { requestParameters: Record<string, string> } }>
      >;
    };
  };
}

function mappingsOf(props: FixtureProps, path: string, method: string): Record<string, string> {
  const resources = Template.fromStack(gatewayStack(props).stack).findResources('AWS::ApiGateway::RestApi');
  const [api] = Object.values(resources) as ApiResource[];
  return (
    api?.Properties.Body.paths[path]?.[method]?.['x-amazon-apigateway-integration'].requestParameters ?? {}
  );
}

/** The expression of the rule on reserved headers, as AWS WAF has it. */
function reservedPattern(stack: Stack, type = 'AWS::WAFv2::WebACL'): RegExp {
  const [acl] = Object.values(Template.fromStack(stack).findResources(type));
  const rule = acl?.['Properties'].Rules.find(({ Name }: { Name: string }) => Name === 'reserved-headers');
  const expressions = JSON.stringify(rule.Statement).matchAll(/"RegexString":("[^"]*")/g);
  return new RegExp([...expressions].map(([, expression = '""']) => JSON.parse(expression)).join('|'));
}
