type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/** Resources whose logical id ends in a hash of what they hold. */
const HASHED = ['AWS::ApiGateway::Deployment', 'AWS::Lambda::Version'];
const HASH_SUFFIX = /[0-9a-f]{8,64}$/;
const ASSET_HASH = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;

/** Whether a value is a CloudFormation template as CDK writes it. */
export function isTemplate(value: unknown): value is JsonObject {
  return (
    isObject(value) && isObject(value['Resources']) && Object.values(value['Resources']).every(isResource)
  );
}

/**
 * A template without what changes when nothing does: hashes of assets and of deployments, and the versions of
 * CDK. Keys are in alphabetical order.
 */
export function normalizeTemplate(template: JsonObject): Json {
  const resources = isObject(template['Resources']) ? template['Resources'] : {};
  const names = new Map(
    Object.entries(resources).flatMap(([id, resource]) =>
      isObject(resource) && HASHED.includes(String(resource['Type']))
        ? [[id, id.replace(HASH_SUFFIX, '<hash>')] as const]
        : [],
    ),
  );
  return normalize(withoutVersions(template), names);
}

/** Drops what CDK adds to every stack: the metadata resource, and the check of the bootstrap stack's version. */
function withoutVersions({ Parameters, Rules, Conditions, Resources, ...rest }: JsonObject): JsonObject {
  return {
    ...rest,
    ...nonEmpty('Parameters', Parameters, (name) => name !== 'BootstrapVersion'),
    ...nonEmpty('Rules', Rules, (name) => name !== 'CheckBootstrapVersion'),
    ...nonEmpty('Conditions', Conditions, (name) => name !== 'CDKMetadataAvailable'),
    ...nonEmpty('Resources', Resources, (name) => name !== 'CDKMetadata'),
  };
}

function nonEmpty(section: string, value: Json | undefined, keep: (name: string) => boolean): JsonObject {
  const kept = Object.entries(isObject(value) ? value : {}).filter(([name]) => keep(name));
  return kept.length > 0 ? { [section]: Object.fromEntries(kept) } : {};
}

function normalize(value: Json, names: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return normalizeText(value, names);
  if (isList(value)) return value.map((item) => normalize(item, names));
  if (!isObject(value)) return value;

  return Object.fromEntries(
    Object.entries(value)
      // where an asset lay on the machine that synthesized
      .filter(([key]) => !key.startsWith('aws:asset:'))
      .map(([key, item]) => [names.get(key) ?? key, normalize(item, names)] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

function normalizeText(text: string, names: ReadonlyMap<string, string>): string {
  return [...names].reduce(
    (renamed, [id, name]) => renamed.replaceAll(id, name),
    text.replace(ASSET_HASH, '<asset>'),
  );
}

function isResource(value: unknown): boolean {
  return isObject(value) && typeof value['Type'] === 'string';
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
