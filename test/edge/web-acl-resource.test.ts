import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { CfnWebACL, type CfnWebACLProps } from 'aws-cdk-lib/aws-wafv2';
import { BodySize, Countries, EdgeRule, InjectionDetection, ManagedRules, Rate, WebAcl } from '../../lib';
import { WebAclResource } from '../../lib/edge/web-acl-resource';

const PROPS: CfnWebACLProps = {
  scope: 'REGIONAL',
  defaultAction: { allow: {} },
  visibilityConfig: { cloudWatchMetricsEnabled: true, metricName: 'WebAcl', sampledRequestsEnabled: false },
};

describe('WebAclResource', () => {
  test.each([InjectionDetection.OWN, InjectionDetection.MANAGED])(
    'writes rules of every kind as the L1 does (injection: %s)',
    (injection) => {
      const stack = newStack();
      const { defaultChild } = new WebAcl(stack, 'WebAcl', {
        deny: ['192.0.2.1'],
        onlyFrom: ['192.0.2.1', '2001:db8::1'],
        networks: { office: ['192.0.2.1'] },
        restrictions: [{ path: '/admin/{id}', method: 'DELETE', networks: 'office' }],
        exempt: [{ networks: ['192.0.2.1'], rules: [EdgeRule.COMMON, EdgeRule.BODY_SIZE] }],
        countries: Countries.only('GB'),
        refusedAsns: [64496],
        loginOperations: [{ path: '/login' }],
        credentialHeaders: ['authorization'],
        rates: [
          Rate.perAddress(10, Duration.minutes(1)),
          Rate.onPath('/search', 50, Duration.minutes(10), { method: 'GET', byHeader: 'x-session' }),
        ],
        mediaTypes: ['application/json', 'application/xml'],
        bodySizes: [{ path: '/files/{name}', method: 'POST', size: BodySize.KB_64 }],
        injection,
        count: [EdgeRule.TRAVERSAL],
        managedRules: [
          ManagedRules.linux(),
          ManagedRules.anonymousAddresses(),
          ManagedRules.botControl(),
          ManagedRules.antiDdos(),
          ManagedRules.accountTakeover({ usernameField: '/u', passwordField: '/p' }),
        ],
      }).node;
      const { rules = [] } = defaultChild as CfnWebACL;
      const own = new WebAclResource(stack, 'Own', { ...PROPS, rules });
      const l1 = new CfnWebACL(stack, 'L1', { ...PROPS, rules });

      expect(defaultChild).toBeInstanceOf(WebAclResource);
      expect(propertiesOf(own)).toBe(propertiesOf(l1));
    },
  );

  test('knows each name that CloudFormation writes otherwise than with a capital letter', () => {
    const folder = dirname(require.resolve('aws-cdk-lib/aws-wafv2'));
    const source = readFileSync(join(folder, 'lib/wafv2.generated.js'), 'utf8');
    const names = new Map<string, string>();
    for (const [, cloudFormation = '', l1 = ''] of source.matchAll(
      /\b(\w+):[^,{}]*?\(properties\.(\w+)\)/g,
    )) {
      names.set(l1, cloudFormation);
    }
    // not of rules
    for (const name of ['webAclArn', 'ipAddressVersion']) names.delete(name);
    const rule = Object.fromEntries([...names.keys()].map((name) => [name, 1]));
    const rules = [rule] as unknown as CfnWebACL.RuleProperty[];

    expect(names.get('ipSetReferenceStatement')).toBe('IPSetReferenceStatement');
    expect(names.size).toBeGreaterThan(100);
    const { Rules } = JSON.parse(propertiesOf(new WebAclResource(newStack(), 'WebAcl', { ...PROPS, rules })));
    expect(Object.keys(Rules[0]).sort()).toEqual([...new Set(names.values())].sort());
  });

  test('leaves rules that someone puts in their place to the checks of the L1', () => {
    const acl = new WebAclResource(newStack(), 'WebAcl', { ...PROPS, rules: [] });
    acl.rules = [{ name: 'mine' }] as unknown as CfnWebACL.RuleProperty[];

    expect(() => propertiesOf(acl)).toThrow('priority: required but missing');
  });
});

function newStack(): Stack {
  return new Stack(new App({ builtinCloudFormationValidation: false }), 'Stack');
}

/** As the template has them, to the order of names. */
function propertiesOf(resource: CfnWebACL): string {
  const { Resources } = Stack.of(resource).resolve(
    (resource as CfnWebACL & { _toCloudFormation(): object })._toCloudFormation(),
  );
  const [{ Properties }] = Object.values<{ Properties: unknown }>(Resources) as [{ Properties: unknown }];
  return JSON.stringify(Properties);
}
