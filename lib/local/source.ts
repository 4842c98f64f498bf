import type { LocalGatewaySource } from './options';
import { readAssembly, templateOf } from './template/assembly';
import { LOCAL_ACCOUNT, LOCAL_REGION, type StackSource } from './template/stack';

/** The stack to serve, wherever it comes from. */
export function readStackSource(source: LocalGatewaySource): StackSource {
  if ('assembly' in source) {
    const { assembly, stackName } = source;
    return readAssembly(typeof assembly === 'string' ? assembly : assembly.directory, stackName);
  }

  const { template, assets = {}, stackName = 'Local' } = source;
  return {
    name: stackName,
    account: LOCAL_ACCOUNT,
    region: LOCAL_REGION,
    template: templateOf(template),
    asset: (key) => assets[key],
    exporter: () => undefined,
  };
}
