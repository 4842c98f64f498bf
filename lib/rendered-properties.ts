import { type CfnResource, Stack } from 'aws-cdk-lib';

/** A resource's properties as the template will have them, overrides included. */
export function renderedProperties(resource: CfnResource): Readonly<Record<string, unknown>> {
  const { Resources } = Stack.of(resource).resolve((resource as Renderable)._toCloudFormation());
  const [rendered] = Object.values<{ Properties?: Readonly<Record<string, unknown>> }>(Resources);
  return rendered?.Properties ?? {};
}

interface Renderable extends CfnResource {
  _toCloudFormation(): object;
}
