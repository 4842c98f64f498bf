import type { Problem } from '../errors';
import { parseNetworks, wholeInternet } from './networks';
import type { WebAclSettings } from './web-acl-settings';

const FAMILY = { ipv4: 'IPv4', ipv6: 'IPv6' } as const;

/** Lists of networks that reach everyone or nobody, and so do not do what they are for. */
export function reachProblems(settings: WebAclSettings, at: string): Problem[] {
  return [
    ...wideExemptions(settings, at),
    ...admittedInternet(settings, at),
    ...unusedNetworks(settings, at),
  ];
}

/** An exemption, or several together, that leave a rule nobody to hold. */
function wideExemptions({ exempt }: WebAclSettings, at: string): Problem[] {
  const rules = new Set(exempt.flatMap((exemption) => exemption.rules));

  return [...rules].flatMap((rule) => {
    const networks = exempt
      .filter(({ rules: named }) => named.includes(rule))
      .flatMap((each) => each.networks);
    const families = wholeInternet(parseNetworks(networks, at, []));
    return families.map((family) => ({
      code: 'EVERYBODY_EXEMPT',
      at,
      message: `'exempt' lets the whole internet of ${FAMILY[family]} past '${rule}'`,
      remedy: "name the networks of known callers; to let a rule refuse nobody, name it in 'count'",
    }));
  });
}

/** Of one family alone it may be meant: the other is refused. */
function admittedInternet({ onlyFrom }: WebAclSettings, at: string): Problem[] {
  if (wholeInternet(parseNetworks(onlyFrom ?? [], at, [])).length < 2) return [];

  return [
    {
      code: 'EVERYBODY_ADMITTED',
      at,
      message: "'onlyFrom' holds the whole internet, so it refuses nobody",
      remedy: "list the networks that may call, or leave 'onlyFrom' out",
    },
  ];
}

/** A set nobody names protects nothing. */
function unusedNetworks({ networksByName, restrictions }: WebAclSettings, at: string): Problem[] {
  const used = new Set(restrictions.map(({ networks }) => networks));

  return [...networksByName.keys()]
    .filter((name) => !used.has(name))
    .map((name) => ({
      code: 'UNUSED_NETWORKS',
      at,
      message: `'networks.${name}' restricts no operation`,
      remedy: `name it at an operation, 'x-gateway: { onlyFrom: ${name} }', or leave it out`,
    }));
}
