import { isReservedHeader } from '../protocol/identity-headers';
import type { CredentialLocation } from '../protocol/policy';
import { asObject } from './json-pointer';
import type { Report } from './report';
import type { DocumentSource, Sourced } from './source';
import { listed, shown } from './suggestion';

/** A security scheme of the document that this gateway can hold. */
export interface SecurityScheme {
  readonly name: string;
  readonly node: Sourced;
  readonly location: CredentialLocation;
  /** Scopes the scheme declares; undefined where it declares none by its nature. */
  readonly scopes?: readonly string[];
}

const HEADER_NAME = /^[A-Za-z0-9-]+$/;
/** Headers API Gateway, a connection or ourselves have a use for already (aws-facts 9.1, 9.11). */
const TAKEN_HEADERS = [
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'host',
  'origin',
  'transfer-encoding',
  'user-agent',
  'x-amzn-apigateway-api-id',
  'x-amzn-trace-id',
  'x-forwarded-for',
  'x-request-id',
];
const REFUSED_FLOWS = ['password', 'implicit'];

/** The schemes of a document by name. Undefined stands for one that is declared but cannot be held, which is reported. */
export function readSecuritySchemes(
  source: DocumentSource,
  report: Report,
  identityHeaders: readonly string[],
): ReadonlyMap<string, SecurityScheme | undefined> {
  const schemes = source.child(source.root, 'components', 'securitySchemes');
  return new Map(
    Object.keys(asObject(schemes.value) ?? {}).map((name) => {
      const node = source.deref(source.child(schemes, name));
      return [name, readScheme(name, node, source, report, identityHeaders)];
    }),
  );
}

function readScheme(
  name: string,
  node: Sourced,
  source: DocumentSource,
  report: Report,
  identityHeaders: readonly string[],
): SecurityScheme | undefined {
  const read = (key: string) => source.child(node, key).value;
  const refuse = (what: string, remedy: string): undefined => {
    report.problem(
      'UNSUPPORTED_SCHEME',
      node,
      `security scheme ${JSON.stringify(name)} is ${what}, which this gateway does not accept`,
      remedy,
    );
  };
  // OpenAPI forbids blanks too, but many a document has them, and they do no harm
  if (name.includes('+')) {
    return refuse(
      'named with a plus sign, which stands between the names of two schemes that prove a caller together: services could take one for the other',
      'name it with letters, digits, dots, hyphens and underscores, as OpenAPI has it',
    );
  }
  switch (read('type')) {
    case 'http':
      return String(read('scheme')).toLowerCase() === 'bearer'
        ? { name, node, location: { in: 'authorization' } }
        : refuse(
            `http ${shown(read('scheme'))}`,
            "use 'http' with 'bearer', 'oauth2', 'openIdConnect' or an 'apiKey' in a header: passwords and digests do not belong on every request",
          );
    case 'openIdConnect':
      return { name, node, location: { in: 'authorization' } };
    case 'oauth2':
      return readOAuth(name, node, source, refuse);
    case 'apiKey':
      return readApiKey(name, node, read, refuse, identityHeaders);
    case 'mutualTLS':
      return { name, node, location: { in: 'clientCertificate' } };
    default:
      return refuse(
        `of type ${shown(read('type'))}`,
        "use 'http', 'oauth2', 'openIdConnect', 'apiKey' or 'mutualTLS'",
      );
  }
}

type Refuse = (what: string, remedy: string) => undefined;

function readOAuth(
  name: string,
  node: Sourced,
  source: DocumentSource,
  refuse: Refuse,
): SecurityScheme | undefined {
  const flows = source.child(node, 'flows');
  const names = Object.keys(asObject(flows.value) ?? {}).filter((flow) => !flow.startsWith('x-'));
  const refused = names.filter((flow) => REFUSED_FLOWS.includes(flow));
  if (refused.length > 0) {
    return refuse(
      `oauth2 with the flow ${listed(refused)}`,
      "use 'authorizationCode' (with PKCE) or 'clientCredentials': the others hand out passwords or leave tokens in addresses (RFC 9700)",
    );
  }
  const scopes = names.flatMap((flow) =>
    Object.keys(asObject(source.child(flows, flow, 'scopes').value) ?? {}),
  );
  return { name, node, location: { in: 'authorization' }, scopes };
}

function readApiKey(
  name: string,
  node: Sourced,
  read: (key: string) => unknown,
  refuse: Refuse,
  identityHeaders: readonly string[],
): SecurityScheme | undefined {
  const header = read('name');
  if (read('in') !== 'header') {
    return refuse(
      `an API key in ${shown(read('in'))}`,
      "put it into a header ('in: header'): addresses and cookies end up in logs, histories and forged requests",
    );
  }
  if (typeof header !== 'string' || !HEADER_NAME.test(header)) {
    return refuse(
      `an API key in the header ${shown(header)}`,
      'name a header of letters, digits and hyphens',
    );
  }
  if (isReservedHeader(header, identityHeaders)) {
    return refuse(
      `an API key in the reserved header ${shown(header)}`,
      `name another header: callers may not send ${identityHeaders.join(', ')}`,
    );
  }
  if (TAKEN_HEADERS.includes(header.toLowerCase())) {
    return refuse(
      `an API key in the header ${shown(header)}, which has another use`,
      "name another header, such as 'X-Api-Key'",
    );
  }
  return { name, node, location: { in: 'header', name: header.toLowerCase() } };
}
