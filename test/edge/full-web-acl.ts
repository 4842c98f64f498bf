import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { BodySize, Countries, EdgeRule, InjectionDetection, Rate, WebAcl, type WebAclProps } from '../../lib';
import type { LocalWebAcl } from '../../lib/local/web-acl';
import { aclOfTemplate, type Rule, requestOf, STAGE_ARN } from '../local/web-acl/acl';

const geo = join(__dirname, '../../../shared/geo/GeoIP2-Country-Test.mmdb');
export const databases = existsSync(geo) ? { country: geo } : {};

/** An address in Great Britain, by the database of tests. */
const BRITAIN = '81.2.69.142';

/** A web ACL with every rule of ours. */
export const FULL: WebAclProps = {
  threatFeeds: [],
  deny: ['203.0.113.0/24', '2001:db8:dead::/48'],
  onlyFrom: ['81.0.0.0/8', '89.0.0.0/8', '203.0.113.0/24', '203.0.114.0/23', '2001:db8::/32'],
  networks: { office: ['81.2.69.0/24', '2001:db8:0ff1::/48'] },
  exempt: [{ networks: ['81.2.69.144', '2001:db8:1::/48'], rules: [EdgeRule.TRAVERSAL] }],
  countries: Countries.allBut('SE'),
  injection: InjectionDetection.OWN,
  rates: [
    Rate.perAddress(60, Duration.minutes(5)),
    Rate.perCredential(40, Duration.minutes(5)),
    Rate.withoutCredential(30, Duration.minutes(5)),
    Rate.ceiling(500),
    Rate.onPath('/search', 15, Duration.minutes(5), { byHeader: 'x-session' }),
    Rate.onPath('/export', 12),
  ],
  pathPrefixes: ['/prod', '/v1'],
  mediaTypes: ['application/json', 'application/xml'],
  bodySizes: [
    { path: '/files', method: 'POST', size: BodySize.KB_32 },
    { path: '/films/{id}', method: 'PUT', size: BodySize.KB_64 },
  ],
  uninspected: [{ path: '/raw/{rest+}', method: 'POST' }],
  apiKeys: [{ prefix: 'sk', environment: 'live' }],
  credentialBodies: [{ path: '/token', method: 'POST' }],
  loginOperations: [{ path: '/login', method: 'POST' }],
  restrictions: [{ path: '/admin/{id}', method: 'DELETE', networks: 'office' }],
};

/** A web ACL as it is synthesized, and how to run it anew. */
export function built(props: WebAclProps) {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Stack', {
    env: { region: 'eu-west-1', account: '123456789012' },
  });
  const { webAclArn } = new WebAcl(stack, 'Acl', props);
  new CfnWebACLAssociation(stack, 'Association', { webAclArn, resourceArn: STAGE_ARN });
  const template = Template.fromStack(stack).toJSON();
  const [resource] = Object.values(Template.fromStack(stack).findResources('AWS::WAFv2::WebACL'));
  // what the function would have written
  for (const [id, { Type, Properties }] of Object.entries<{
    Type: string;
    Properties: { Addresses: string[] };
  }>(template['Resources'])) {
    if (Type !== 'AWS::WAFv2::IPSet') continue;
    if (id.includes('ThreatFeedsAttackersIPv4')) Properties.Addresses = ['203.0.114.1/32'];
    if (id.includes('ThreatFeedsAttackersIPv6')) Properties.Addresses = ['2001:db8:a::/48'];
    if (/ThreatFeeds(Feeds)?IPv4/.test(id)) Properties.Addresses = ['203.0.115.0/24'];
    if (/ThreatFeeds(Feeds)?IPv6/.test(id)) Properties.Addresses = ['2001:db8:f::/48'];
  }
  const rules: Rule[] = resource?.['Properties'].Rules;

  return { rules, fresh: () => aclOfTemplate({ Resources: template['Resources'] }, { databases }) };
}

export type Request = Parameters<typeof requestOf>[0];

export const GOOD: Request = {
  sourceIp: BRITAIN,
  headers: [
    ['User-Agent', 'test'],
    ['Authorization', 'Bearer x'],
  ],
};
export const json = (body: string | Buffer, more: Request = {}): Request => ({
  ...GOOD,
  method: 'POST',
  headers: [...(GOOD.headers ?? []), ['Content-Type', 'application/json']],
  body,
  ...more,
});
export const withHeader = (name: string, value = 'x'): Request => ({
  ...GOOD,
  headers: [...(GOOD.headers ?? []), [name, value]],
});

/** The rule that ends the last of `times` equal requests to a web ACL nobody has asked yet. */
export function ending(
  acl: LocalWebAcl,
  request: Request | ((index: number) => Request),
  times = 1,
): string | undefined {
  const of = typeof request === 'function' ? request : () => request;
  for (let index = 0; index < times - 1; index += 1) acl.evaluate(requestOf(of(index)));

  return acl.evaluate(requestOf(of(times - 1))).rule;
}
