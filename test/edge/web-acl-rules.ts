import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { WebAcl, type WebAclProps } from '../../lib';

export const stackOf = () =>
  new Stack(new App({ builtinCloudFormationValidation: false }), 'Stack', { env: { region: 'eu-west-1' } });

/** Rules of the template by name, in the order of their priority. */
export function rulesOf(props: WebAclProps = {}) {
  const stack = stackOf();
  const acl = new WebAcl(stack, 'Acl', props);
  const template = Template.fromStack(stack);
  const [resource] = Object.values(template.findResources('AWS::WAFv2::WebACL'));
  const properties = resource!['Properties'];
  // biome-ignore lint/suspicious/noExplicitAny: templates have no types
  const rules = new Map<string, any>(properties.Rules.map((rule: { Name: string }) => [rule.Name, rule]));

  return { acl, template, properties, rules, names: [...rules.keys()] };
}
