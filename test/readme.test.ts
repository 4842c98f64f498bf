import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { CONTEXT_KEYS } from '../bin/context';
import type { WebAcl } from '../lib';
import { EXTENSION_READERS } from '../lib/definition/read-extension';
import { INCLUDED_CAPACITY } from '../lib/edge/capacity';
import { REFUSALS } from '../lib/protocol';
import * as features from './examples/features';
import { OrdersStack } from './examples/orders/stack';
import { loadBalancerIn } from './fixtures/gateway';

const root = join(__dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
/** All that users read. */
const pages = [readme, readFileSync(join(root, 'docs/siem.md'), 'utf8')].join('\n');

/** Code blocks that say where they are from: a file of test/examples, or a region of one. */
const quotes = [...pages.matchAll(/<!-- (test\/examples\/\S+) -->\n```\w+\n(.*?)```/gs)].map(
  ([, source = '', code = '']) => ({ source, code }),
);

describe('README', () => {
  // findings are printed at synthesis; they are not what is tested here
  beforeEach(() => jest.spyOn(console, 'error').mockReturnValue());

  test('quotes every region of every example', () => {
    const regions = readdirSync(join(root, 'test/examples'))
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => {
        const names = [...read(`test/examples/${file}`).matchAll(/\/\/ #region (\w+)/g)].map(
          ([, name]) => name,
        );
        return names.map((name) => `test/examples/${file}#${name}`);
      });

    expect(quotes.map(({ source }) => source)).toEqual(expect.arrayContaining(regions));
    expect(regions.length).toBeGreaterThan(5);
  });

  test.each(quotes)('quotes $source as it is', ({ source, code }) => {
    expect(code).toBe(sourceOf(source));
  });

  test('has no block of TypeScript that is not an example', () => {
    const blocks = [...pages.matchAll(/^```ts$/gm)];

    expect(blocks).toHaveLength(quotes.filter(({ source }) => source.includes('.ts')).length);
  });

  test.each(Object.entries(features))('shows %s in an example that synthesizes', (_, example) => {
    const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Example');

    example(stack, loadBalancerIn(stack, new Vpc(stack, 'Vpc')));

    Template.fromStack(stack).resourceCountIs('AWS::ApiGateway::RestApi', 1);
  });

  test('lists every refusal and no other', () => {
    const rows = [...readme.matchAll(/^\| (\d{3}) \| `([A-Z_]+)` \|/gm)].map(
      ([, status, code]) => `${status} ${code}`,
    );

    expect(rows.sort()).toEqual(REFUSALS.map(({ status, code }) => `${status} ${code}`).sort());
  });

  test('lists every context key of the app, with its default and meaning', () => {
    const rows = Object.entries<{ default?: string; describes: string }>(CONTEXT_KEYS).map(
      ([key, { default: value, describes }]) =>
        `| \`${key}\` | ${value ? `\`${value}\` ` : ''}| ${describes} |`,
    );

    expect(readme.split('\n')).toEqual(expect.arrayContaining(rows));
  });

  test('counts the rules of the web ACL whose price it states, and they need no more capacity than is included', () => {
    const app = new App({ builtinCloudFormationValidation: false });
    const stack = new OrdersStack(app, 'Orders', {
      issuer: 'https://id.example.com/',
      audience: 'orders',
      serverName: 'orders.internal.example.com',
    });
    const [acl] = Object.values(Template.fromStack(stack).findResources('AWS::WAFv2::WebACL'));
    const rules = acl?.['Properties'].Rules.length;

    expect(readme).toContain(`$1 for each of the sample's ${rules} rules | $${5 + rules}.00 |`);
    const { capacity } = stack.gateway.webAcl as WebAcl;
    expect(readme).toContain(`the sample's rules need ${capacity.toLocaleString('en')} units`);
    expect(capacity).toBeLessThanOrEqual(INCLUDED_CAPACITY);
  });

  test('lists every key of x-gateway', () => {
    const [, table = ''] = readme.split('One extension, `x-gateway`');
    const keys = [...(table.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)/gm)].map(([, key]) => key);

    expect(keys.sort()).toEqual(Object.keys(EXTENSION_READERS).sort());
  });

  test('names files that are there', () => {
    const links = [...readme.matchAll(/\]\(([\w./-]+)\)/g)].map(([, file = '']) => file);

    expect(links.length).toBeGreaterThan(2);
    for (const file of links) expect(() => read(file)).not.toThrow();
  });
});

function sourceOf(source: string): string {
  const [file = '', region] = source.split('#');
  const text = read(file);
  if (!region) return text;

  const [, code = ''] = new RegExp(`^ *// #region ${region}\\n(.*?)^ *// #endregion`, 'ms').exec(text) ?? [];
  const indent = /^ */.exec(code)?.[0].length ?? 0;
  return code.replace(new RegExp(`^ {${indent}}`, 'gm'), '');
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
