import { createHash } from 'node:crypto';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { BodySize, EdgeRule, WebAcl, type WebAclProps, WebAclRuleGroup } from '../../lib';
import { formatApiKey } from '../../lib/protocol';
import { signingKey, token } from '../lambda/authorizer/tokens';
import { aclOf as aclOfRules, aclOfTemplate, requestOf, STAGE_ARN } from '../local/web-acl/acl';

const KEY = formatApiKey({ prefix: 'sk', environment: 'live', id: 'b'.repeat(12), secret: 'Z'.repeat(32) });
const TOKEN = token(signingKey('ES256', 'one'), { sub: 'alice', aud: 'orders' });
const ENCRYPTED = 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXZpdml2aXZpdml2.Y2lwaGVy.dGFndGFndGFndGFndGFn';

/** Bytes that look like chance, as many as a body may have. */
const PICTURE = Array.from({ length: 180 }, (_, index) =>
  createHash('sha512').update(String(index)).digest('base64'),
).join('');

const SETTINGS: WebAclProps = {
  apiKeys: [
    { prefix: 'sk', environment: 'live' },
    { prefix: 'pk', environment: 'test' },
  ],
  pathPrefixes: ['/prod'],
};

function aclOf(props: WebAclProps = {}) {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Stack', {
    env: { region: 'eu-west-1', account: '123456789012' },
  });
  const { webAclArn } = new WebAcl(stack, 'Acl', { ...SETTINGS, ...props });
  new CfnWebACLAssociation(stack, 'Association', { webAclArn, resourceArn: STAGE_ARN });
  const acl = aclOfTemplate({ Resources: Template.fromStack(stack).toJSON()['Resources'] });

  return (body: string, { path = '/prod/orders', method = 'POST' } = {}) =>
    acl.evaluate(
      requestOf({
        method,
        path,
        body,
        headers: [
          ['Content-Type', 'application/json'],
          ['User-Agent', 'x'],
        ],
      }),
    );
}

describe('a credential in a body', () => {
  const send = aclOf();

  test.each([
    ['an API key', JSON.stringify({ note: KEY })],
    ['one of another kind', `"${KEY.replace('sk_live', 'pk_test')}"`],
    ['one deep inside', JSON.stringify({ a: [{ b: { c: `see ${KEY}.` } }] })],
    ['one as a name', JSON.stringify({ [KEY]: 1 })],
    ['one with JSON escapes', `{"note":"${KEY.replaceAll('_', '\\u005f')}"}`],
    ['one with JSON escapes in capitals', `{"note":"${KEY.replaceAll('_', '\\u005F')}"}`],
    ['one as text', `the key is ${KEY}`],
    ['one in a form', `note=1&key=${KEY}`],
    ['one in a form, encoded', `note=1&key=${KEY.replaceAll('_', '%5F')}`],
    ['one in JSON within JSON', JSON.stringify({ event: JSON.stringify({ note: KEY }) })],
    ['a token', JSON.stringify({ note: TOKEN })],
    ['a token behind its scheme', JSON.stringify({ note: `Bearer ${TOKEN}` })],
    [
      'a token in an address',
      JSON.stringify({ next: `https://x.example/?t=${TOKEN}` }).replaceAll('/', '\\/'),
    ],
    ['a token with JSON escapes', `{"note":"${TOKEN.replaceAll('.', '\\u002e')}"}`],
    ['a token as text', TOKEN],
    ['a token in a form, encoded', `token=${TOKEN.replaceAll('.', '%2E')}`],
    ['an encrypted token', JSON.stringify({ note: ENCRYPTED })],
    ['a token padded as load balancers do', JSON.stringify({ note: TOKEN.replaceAll('.', '==.') })],
    ['one encoded twice', `{"note":"${KEY.replaceAll('_', '%255F')}"}`],
    ...['', 'a', 'ab', 'user:', '{"password":"'].flatMap((before): [string, string][] => {
      const wrapped = Buffer.from(before + KEY);
      return [
        [`one in Base64 behind '${before}'`, JSON.stringify({ note: wrapped.toString('base64') })],
        [
          `one in Base64 for URLs behind '${before}'`,
          JSON.stringify({ note: wrapped.toString('base64url') }),
        ],
        [`one in Base64 in a form behind '${before}'`, `n=${encodeURIComponent(wrapped.toString('base64'))}`],
      ];
    }),
    ['a token in Base64', JSON.stringify({ data: { token: btoa(TOKEN) } })],
    ['a token encoded twice', JSON.stringify({ note: TOKEN.replaceAll('.', '%252E') })],
    ...['{ ', '{\n  ', '{\r\n', '{\t'].map((brace): [string, string] => {
      const [head = '', claims = '', signature = ''] = TOKEN.split('.');
      const spaced = [head, claims].map((part) =>
        Buffer.from(Buffer.from(part, 'base64url').toString().replace('{', brace)).toString('base64url'),
      );
      return [
        `a token whose objects begin with ${JSON.stringify(brace)}`,
        JSON.stringify({ note: [...spaced, signature].join('.') }),
      ];
    }),
    ['a token that breaks the JSON', `{"note":"${TOKEN}`],
  ])('is refused: %s', (_what, body) => {
    const { action, rule, stage, response } = send(body);

    expect({ action, rule, stage }).toEqual({ action: 'block', rule: 'body-credentials', stage: 'firewall' });
    expect(response?.status).toBe(400);
    expect(JSON.parse(response?.body ?? '')).toEqual({
      type: 'urn:secure-api-gateway:problem:contract-violation',
      title: 'Bad request',
      status: 400,
      code: 'CONTRACT_VIOLATION',
      detail: 'body: MISPLACED_CREDENTIAL',
    });
  });

  test.each([
    ['a key’s pattern', JSON.stringify({ pattern: 'sk_live_[0-9A-Za-z]{50}' })],
    ['a key’s id', JSON.stringify({ id: KEY.slice(8, 20) })],
    ['a key of others', JSON.stringify({ key: KEY.replace('sk_live', 'sk_test') })],
    [
      'a cursor',
      JSON.stringify({ cursor: 'eyJpZCI6MTIzNDU2Nzg5fQ', sha: 'e3b0c44298fc1c149afbf4c8996fb924' }),
    ],
    ['an unsigned token', JSON.stringify({ example: `${TOKEN.split('.').slice(0, 2).join('.')}.` })],
    [
      'a signed document',
      JSON.stringify({ receipt: 'eyJhbGciOiJFUzI1NiJ9.VGV4dCBvZiBhIHJlY2VpcHQ.c2lnbmF0dXJl' }),
    ],
    ['a picture', JSON.stringify({ picture: PICTURE })],
    ['a key of others in Base64', btoa(KEY.replace('sk_live', 'sk_test'))],
    [
      'a cursor in Base64 twice',
      JSON.stringify({ cursor: btoa(btoa(JSON.stringify({ after: KEY.slice(8) }))) }),
    ],
    ['a host', JSON.stringify({ host: 'eyJolaaaaaaaa.eyJolbbbbbbbb.example' })],
    ['nothing', ''],
  ])('is none: %s', (_what, body) => {
    expect(send(body).rule).toBeUndefined();
  });

  test('is let through to the operations that take it, however many, and to no others', () => {
    const post = (path: string) => ({ path, method: 'POST' });
    const sent = aclOf({
      credentialBodies: [post('/token'), post('/sessions/{id}'), post('/introspect/{rest+}')],
      bodies: [
        post('/orders'),
        post('/token'),
        post('/sessions/{id}'),
        post('/sessions/current'),
        post('/introspect/{rest+}'),
      ],
    });
    const to = (path: string, method = 'POST') =>
      sent(JSON.stringify({ token: TOKEN }), { path, method }).rule;

    for (const path of ['/prod/token', '/prod/sessions/7', '/prod/introspect/a/b']) {
      expect([path, to(path)]).toEqual([path, undefined]);
    }
    for (const [path, method] of [
      ['/prod/orders'],
      ['/prod/token', 'PUT'],
      ['/prod/tokens'],
      ['/prod/orders/token'],
      ['/prod/%74oken'],
      // reads as the one with a variable, and is that of another
      ['/prod/sessions/current'],
      ['/prod/sessions/curr%65nt'],
    ] as const) {
      expect([path, method, to(path, method)]).toEqual([
        path,
        method,
        expect.stringMatching(/body-credentials|media-type/),
      ]);
    }
    expect(sent(JSON.stringify({ token: KEY }), { path: '/prod/token' }).rule).toBeUndefined();
  });

  test('costs one expression for one kind of keys, and one more for the paths that take it', () => {
    const apiKeys = [{ prefix: 'sk', environment: 'live' }];
    const bodies = Array.from({ length: 20 }, (_, index) => ({ path: `/orders/${index}`, method: 'POST' }));
    const expressions = (props: WebAclProps) => {
      const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Stack');
      new WebAcl(stack, 'Acl', { ...SETTINGS, apiKeys, ...props });
      const [acl] = Object.values(Template.fromStack(stack).findResources('AWS::WAFv2::WebACL'));
      const rule = acl?.['Properties'].Rules.find(
        ({ Name }: { Name: string }) => Name === 'body-credentials',
      );
      return JSON.stringify(rule).match(/"RegexString"/g);
    };

    expect(expressions({ bodies })).toHaveLength(1);
    expect(expressions({ bodies, credentialBodies: bodies.slice(0, 8) })).toHaveLength(2);
  });

  test('is looked for as far as bodies are inspected, and no further body passes', () => {
    const sent = aclOf({ bodySizes: [{ path: '/files', method: 'POST', size: BodySize.KB_64 }] });
    const late = JSON.stringify({ fill: 'x'.repeat(60_000), note: KEY });

    expect(sent(late, { path: '/prod/files' }).rule).toBe('body-credentials');
    expect(sent(late).rule).toBe('body-size-16');
  });

  test('is looked for by a web ACL without keys too, and only counted where that is asked for', () => {
    expect(aclOf({ apiKeys: [] })(JSON.stringify({ note: TOKEN })).rule).toBe('body-credentials');
    expect(aclOf({ apiKeys: [] })(JSON.stringify({ note: KEY })).rule).toBeUndefined();
    expect(aclOf({ count: [EdgeRule.BODY_CREDENTIALS] })(JSON.stringify({ note: KEY })).rule).toBeUndefined();
  });

  test('is looked for with as many expressions as many kinds of keys need', () => {
    const environments = [...'abcdefghijklmnopqrst'].map((letter) => `environment${letter}`);
    const sent = aclOf({ apiKeys: environments.map((environment) => ({ prefix: 'sk', environment })) });

    for (const environment of environments) {
      expect(sent(JSON.stringify({ note: KEY.replace('live', environment) })).rule).toBe('body-credentials');
    }
    expect(sent(JSON.stringify({ note: KEY })).rule).toBeUndefined();
  });

  test('is refused by the rule group where an operation that takes none reads as one that does', () => {
    const post = (path: string) => ({ path, method: 'POST' });
    const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Stack');
    const { ruleGroupArn } = new WebAclRuleGroup(stack, 'Group', {
      apiKeys: [{ prefix: 'sk', environment: 'live' }],
      credentialBodies: [post('/sessions/{id}')],
      bodies: [post('/sessions/{id}'), post('/sessions/current')],
    });
    const Statement = { RuleGroupReferenceStatement: { Arn: stack.resolve(ruleGroupArn) } };
    const { Resources: resources } = Template.fromStack(stack).toJSON();
    const acl = aclOfRules([{ Statement, Action: undefined, OverrideAction: { None: {} } }], { resources });
    const to = (path: string) =>
      acl.evaluate(requestOf({ method: 'POST', path, body: KEY, headers: [['User-Agent', 'x']] })).action;

    expect(to('/sessions/7')).toBe('allow');
    expect(to('/sessions/current')).toBe('block');
    // one that takes no body at all
    expect(to('/orders')).toBe('block');
  });

  test('is refused by the rule group, with the same answer', () => {
    const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Stack');
    new WebAclRuleGroup(stack, 'Group', {
      apiKeys: [{ prefix: 'sk', environment: 'live' }],
      credentialBodies: [{ path: '/token', method: 'POST' }],
    });
    const [group] = Object.values(Template.fromStack(stack).findResources('AWS::WAFv2::RuleGroup'));
    const rule = group?.['Properties'].Rules.find(
      ({ Name }: { Name: string }) => Name === 'body-credentials',
    );

    expect(rule.Action.Block.CustomResponse).toEqual({
      ResponseCode: 400,
      CustomResponseBodyKey: 'CONTRACT_VIOLATION',
    });
    const { RegexString } = rule.Statement.AndStatement.Statements[0].RegexMatchStatement;
    expect(KEY).toMatch(new RegExp(RegexString));
    expect(JSON.stringify(rule.Statement)).toContain('/token');
    expect(group?.['Properties'].CustomResponseBodies.CONTRACT_VIOLATION.Content).toContain(
      'MISPLACED_CREDENTIAL',
    );
  });
});
