import { GatewayConfigurationError } from '../../errors';
import type { ApiModel } from '../model/api';
import { objectOf, textOf } from '../template/read';
import type { TemplateResolver } from '../template/resolver';

/** Metadata of the RestApi that names the private services behind it. */
const BACKENDS_METADATA = 'secure-api-gateway:backends';

/** A private service of the template, and where it runs here. */
export interface BackendTarget {
  readonly name: string;
  /** What the integrations' URIs begin with. */
  readonly uri: string;
  /** Where requests go instead. */
  readonly local: string;
}

/**
 * Joins the backends of the template with the addresses given for them.
 *
 * No request may leave this machine by mistake: an HTTP integration whose backend has no address is an error.
 */
export function backendTargets(
  resolver: TemplateResolver,
  api: ApiModel,
  backends: Readonly<Record<string, string>>,
): readonly BackendTarget[] {
  const declared = declaredBackends(resolver, api);
  const used = declared.filter(({ uri }) =>
    integrationUris(api).some((candidate) => startsWith(candidate, uri)),
  );
  const missing = used.filter(({ name }) => !(name in backends));
  const unknown = Object.keys(backends).filter((name) => !declared.some((backend) => backend.name === name));
  const names = declared.map(({ name }) => name).join(', ') || 'none';
  const problems = [
    ...missing.map(({ name, uri }) => ({
      code: 'UNMAPPED_BACKEND',
      at: api.logicalId,
      message: `backend '${name}' (${uri}) has no address here`,
      remedy: `give one: backends: { '${name}': 'http://127.0.0.1:3000' }, or --backend ${name}=…`,
    })),
    ...unknown.map((name) => ({
      code: 'UNKNOWN_BACKEND',
      at: api.logicalId,
      message: `there is no backend '${name}'`,
      remedy: `name one of: ${names}`,
    })),
    ...Object.entries(backends)
      .filter(([, url]) => !isHttpUrl(url))
      .map(([name, url]) => ({
        code: 'BAD_BACKEND_URL',
        at: name,
        message: `the address of a backend must be an http or https URL, got ${JSON.stringify(url)}`,
        remedy: 'write it like http://127.0.0.1:3000',
      })),
  ];
  if (problems.length > 0) throw new GatewayConfigurationError(problems);

  return used.map(({ name, uri }) => ({ name, uri, local: backends[name] ?? '' }));
}

/** The backend an integration goes to: the one with the longest matching address. */
export function targetOf(targets: readonly BackendTarget[], uri: string): BackendTarget | undefined {
  return targets
    .filter((target) => startsWith(uri, target.uri))
    .sort((one, other) => other.uri.length - one.uri.length)[0];
}

/** As the template's metadata names them; else one a host of the integrations. */
function declaredBackends(
  resolver: TemplateResolver,
  api: ApiModel,
): readonly { name: string; uri: string }[] {
  const metadata = objectOf(resolver.stack.template.Resources[api.logicalId]?.Metadata)[BACKENDS_METADATA];
  const declared = Object.entries(objectOf(resolver.resolve(metadata))).flatMap(([name, backend]) => {
    const uri = textOf(objectOf(backend)['uri']);
    return uri ? [{ name, uri: uri.replace(/\/$/, '') }] : [];
  });
  const hosts = integrationUris(api)
    .filter((uri) => !declared.some((backend) => startsWith(uri, backend.uri)))
    .flatMap((uri) => {
      const [origin, host] = /^https?:\/\/([^/?]+)/.exec(uri) ?? [];
      return origin && host ? [[origin, host] as const] : [];
    });
  return [...declared, ...[...new Map(hosts)].map(([uri, name]) => ({ name, uri }))];
}

function integrationUris(api: ApiModel): readonly string[] {
  return api.methods
    .filter(({ integration }) => integration.type === 'HTTP_PROXY' || integration.type === 'HTTP')
    .map(({ integration }) => integration.uri);
}

/** Only whole hosts and segments: `https://a.example` is not the beginning of `https://a.example.org`. */
function startsWith(uri: string, prefix: string): boolean {
  return uri === prefix || uri.startsWith(`${prefix}/`) || uri.startsWith(`${prefix}?`);
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text);
}
